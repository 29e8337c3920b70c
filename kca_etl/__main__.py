"""`python -m kca_etl` is `kca`."""

from kca_etl.cli.main import main

main()
