"""`python -m kca_etl` is `kca`."""

from kca_etl.cli import main

main()
