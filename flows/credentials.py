"""Publishers' credentials from Prefect.

What the environment does not set may stand in a Secret block.
"""

from __future__ import annotations

from prefect.blocks.system import Secret
from pydantic import SecretStr

from kca_etl.settings import Settings
from kca_etl.sources import registry


def settings() -> Settings:
    """Return the settings; a credential that they lack comes from its Secret block, if any.

    The credential `regionalstatistik_token` stands in the block `regionalstatistik-token`: block
    names know no underscore.
    """
    given = Settings()
    wanted = {
        name for source in registry.names() for name in _needed(source)
    } - given.secrets.keys()
    found = {name: secret for name in sorted(wanted) if (secret := _block(name)) is not None}
    return given.model_copy(update={"secrets": {**given.secrets, **found}})


def _needed(source: str) -> set[str]:
    spec = registry.load(source).fetch
    return set() if spec is None else {*spec.secret_headers.values(), *spec.secret_fields.values()}


def _block(name: str) -> SecretStr | None:
    try:
        block = Secret.load(name.replace("_", "-"))
    except ValueError:  # Prefect's way to say that there is none
        return None
    return SecretStr(str(block.get()))  # type: ignore[union-attr]  # not awaited: outside an event loop it is the block itself
