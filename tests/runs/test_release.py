"""Promise: a release proves itself, and whatever is changed in it is found."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kca_etl.cli.main import app
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.runs.record import load_all, warehouse
from kca_etl.runs.releases import make, package
from kca_etl.runs.releases.verify import verify
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources import registry
from tests.conftest import NewWarehouse
from tests.runs.world import SHEETS

RIGHT = "Im November 2020 waren im Main-Kinzig-Kreis 7.273 Menschen im SGB II arbeitslos.\n"
PLACES = 200


def loaded(home: Path, url: str | None = None) -> Settings:
    settings = Settings(home=home, database_url=url)  # type: ignore[arg-type]  # pydantic makes it secret
    list(load_all(write_samples(home / "samples"), warehouse(settings), settings, SHEETS))
    return settings


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An office that released October, then November with its text."""
    settings = loaded(tmp_path_factory.mktemp("office"))
    (settings.home / "text.txt").write_text(RIGHT, encoding="utf-8")
    make.release(settings, "2020-10")
    make.release(settings, "2020-11", text=settings.home / "text.txt")
    return settings


@pytest.fixture
def november(office: Settings, tmp_path: Path) -> Path:
    """The release of November, alone in a folder of its own."""
    found = office.releases / "Freigabe_2020-11.zip"
    path = Path(shutil.copyfile(found, tmp_path / found.name))
    path.chmod(0o644)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forged(path: Path, other: dict[str, bytes] | None = None, **given: object) -> Path:
    """Write an archive anew with other members, and a manifest that fits them."""
    held = members(path)
    old = package.Manifest.model_validate_json(held.pop("manifest.json"))
    held |= other or {}
    known = {name: m.model_dump() for name, m in package.described(held).items()}
    new = package.Manifest.model_validate(old.model_dump() | given | {"members": known})
    package.write(path, {package.MANIFEST: new.text(), **held})
    return path


@pytest.fixture
def bytes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the figures be: computing them again takes two seconds."""
    monkeypatch.setattr("kca_etl.runs.releases.verify._computed_again", lambda *_: [])


def test_a_release_is_verified_with_nothing_but_its_file(
    november: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCA_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("KCA_OFFICE", str(tmp_path / "no office"))
    done = CliRunner().invoke(app, ["verify", str(november), "--json"])
    assert done.exit_code == 0, done.output
    (shown,) = json.loads(done.output)
    assert shown["genuine"] is True
    assert shown["findings"] == []
    assert shown["figures"] == len(members_rows(november))
    assert shown["documents"] == 6
    assert shown["chain"].startswith("names Freigabe_2020-10.zip")
    assert [path.name for path in tmp_path.iterdir()] == [november.name]


def members_rows(path: Path) -> list[object]:
    rows: list[object] = json.loads(members(path)["zahlen/figures.json"])
    return rows


def test_a_release_holds_all_that_it_was_made_of(november: Path, office: Settings) -> None:
    held = members(november)
    forms = {f"seite/Ueberblick_2020-11.{form}" for form in ("pdf", "html", "xlsx", "csv", "json")}
    texts = {"text/text.txt", "text/pruefung.json", "text/pruefung.html"}
    others = {"manifest.json", "LIESMICH.txt", "zahlen/figures.csv", "zahlen/figures.json"}
    assert held.keys() >= forms | texts | others | {"office/office.yaml"}
    page = (office.reports / "Ueberblick_2020-11.pdf").read_bytes()
    assert held["seite/Ueberblick_2020-11.pdf"] == page
    documents = [name for name in held if name.startswith("dokumente/") and "note" not in name]
    for name in documents:
        assert package.hash_of(held[name]) == name.removeprefix("dokumente/").split(".")[0]
    assert str(office.home).encode() not in b"".join(held.values())
    assert registry.parse(held[f"deklarationen/{SHEETS}.yaml"].decode(), SHEETS) == (
        registry.load(SHEETS)
    )


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_same_state_gives_the_same_bytes(
    office: Settings, tmp_path: Path, new_warehouse: NewWarehouse, database: str
) -> None:
    other = loaded(tmp_path, new_warehouse(database))
    for path in office.landing.rglob("*.json"):  # received at the same moments
        shutil.copyfile(path, other.landing / path.relative_to(office.landing))
    made = make.release(other, "2020-10")
    assert made.sha256 == package.hash_of(office.releases / "Freigabe_2020-10.zip")


def test_a_changed_byte_is_found_wherever_it_stands(november: Path, tmp_path: Path) -> None:
    whole, chance = november.read_bytes(), random.Random(14)
    for number in range(PLACES):
        changed = bytearray(whole)
        place = chance.randrange(len(whole))
        changed[place] ^= chance.randrange(1, 256)
        november.write_bytes(changed)
        folder = tmp_path / str(number)
        folder.mkdir()
        found = package.examine(november, folder).findings
        assert found, place
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["manifest.json", "LIESMICH.txt", "zahlen/figures.csv"])
@pytest.mark.parametrize("part", ["content", "header", "directory"])
def test_the_place_of_a_change_is_named(
    november: Path, tmp_path: Path, name: str, part: str
) -> None:
    with zipfile.ZipFile(november) as archive:
        info, directory = archive.getinfo(name), archive.start_dir
    whole = bytearray(november.read_bytes())
    inside = info.header_offset + 30 + len(name)
    entry = whole.index(name.encode(), directory) - 46
    whole[
        {"content": inside + 5, "header": info.header_offset + 10, "directory": entry + 12}[part]
    ] ^= 1
    november.write_bytes(whole)
    apart = tmp_path / "apart"
    apart.mkdir()
    words = " ".join(f.what for f in package.examine(november, apart).findings)
    assert ("directory" if part == "directory" else f"member {name}") in words


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole + b"\0",
        lambda whole: b"#!/bin/sh\n" + whole,
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole.replace(b"kca-release/1", b"kca-release/2"),
    ],
)
def test_more_or_less_than_the_file_is_found(november: Path, change: object) -> None:
    november.write_bytes(change(november.read_bytes()))  # type: ignore[operator]  # a function
    done = CliRunner().invoke(app, ["verify", str(november)])
    assert done.exit_code == 1
    assert "RELEASE" in done.output


def test_forged_figures_and_pages_are_found_by_their_document(november: Path) -> None:
    held, page = members(november), "seite/Ueberblick_2020-11.json"
    rows = held["zahlen/figures.csv"].replace(b",7273.0,", b",7272.0,")
    told = held[page].replace(b'"value": 7273', b'"value": 7000')
    done = verify(forged(november, {"zahlen/figures.csv": rows, page: told}))
    figure, shown = done.findings
    assert figure.code == shown.code == Code.RELEASE_DIFFERS
    assert "arbeitslose_sgb2 2020-11 in zahlen/figures.csv" in figure.what
    assert page in shown.what
    assert (figure.sheet, figure.cell) != ("", "")
    assert "7272.0" in figure.found
    assert done.figures == 0


def test_a_document_that_is_left_out_or_hostile_is_found(november: Path) -> None:
    held = members(november)
    document = next(n for n in held if n.startswith("dokumente/") and n.endswith(".xlsx"))
    done = verify(forged(november, {document: b"PK\x03\x04 no workbook"}))
    assert done.findings


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out", "a/../../b", ".hidden", "a//b", "a\\b"])
def test_no_member_leaves_its_place(november: Path, name: str) -> None:
    package.write(november, {**members(november), name: b"x"})
    done = verify(november)
    assert [f.code for f in done.findings] == [Code.NOT_A_RELEASE]


def test_a_packed_member_is_not_unpacked(november: Path) -> None:
    with zipfile.ZipFile(november, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(50_000_000))
    assert [f.code for f in verify(november).findings] == [Code.NOT_A_RELEASE]


@pytest.mark.usefixtures("bytes_only")
def test_releases_form_a_chain(office: Settings, november: Path) -> None:
    october = office.releases / "Freigabe_2020-10.zip"
    found = verify(november, previous=october)
    assert (found.findings, found.chain) == ([], "follows Freigabe_2020-10.zip")
    assert verify(office.releases / november.name).chain == "follows Freigabe_2020-10.zip"
    assert verify(october).chain == "the first release"
    other = forged(Path(shutil.copyfile(october, november.with_name("other.zip"))), office="X")
    broken = verify(november, previous=other)
    assert [f.code for f in broken.findings] == [Code.RELEASE_CHAIN]


def test_a_release_is_never_overwritten(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    first = make.release(settings, "2020-11")
    assert make.release(settings, "2020-11") == make.Made(
        first.path, first.sha256, first.manifest, is_new=False
    )
    (tmp_path / "text.txt").write_text(RIGHT, encoding="utf-8")
    second = make.release(settings, "2020-11", text=tmp_path / "text.txt")
    assert second.path.name == "Freigabe_2020-11_2.zip"
    assert second.manifest.replaces == second.manifest.previous
    assert second.manifest.previous is not None
    assert second.manifest.previous.sha256 == first.sha256 == package.hash_of(first.path)
    assert len(list(settings.releases.glob("*.zip"))) == 2


def test_a_text_that_contradicts_is_not_released(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    text = tmp_path / "text.txt"
    text.write_text(RIGHT.replace("7.273", "7.999"), encoding="utf-8")
    with pytest.raises(KcaError) as raised:
        make.release(settings, "2020-11", text=text)
    assert raised.value.findings[0].code == Code.TEXT_CONTRADICTED
    assert list(settings.releases.glob("*.zip")) == []


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A new SSH key without a word."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("OpenSSH's ssh-keygen is not installed")
    path = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "presse", "-f", str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.mark.usefixtures("bytes_only")
def test_a_signature_is_made_and_checked(tmp_path: Path, key: Path) -> None:
    settings = loaded(tmp_path / "home").model_copy(update={"release_key": key})
    path = make.release(settings, "2020-11").path
    public = key.with_suffix(".pub").read_text("utf-8")
    signers, others = tmp_path / "signers", tmp_path / "others"
    signers.write_text(f"presse@stelle.example {public}", encoding="utf-8")
    others.touch()
    signed = verify(path, signers=signers)
    assert signed.findings == []
    assert "presse@stelle.example" in signed.signature
    assert "unknown key" in verify(path).signature
    assert [f.code for f in verify(path, signers=others).findings] == [Code.RELEASE_SIGNATURE]
    path.chmod(0o644)
    forged(path, office="Andere Stelle")
    assert Code.RELEASE_SIGNATURE in [f.code for f in verify(path, signers=signers).findings]


@pytest.mark.usefixtures("key")
def test_what_cannot_be_signed_is_not_released(tmp_path: Path) -> None:
    settings = loaded(tmp_path / "home").model_copy(update={"release_key": tmp_path / "no key"})
    with pytest.raises(KcaError) as raised:
        make.release(settings, "2020-11")
    assert raised.value.findings[0].code == Code.RELEASE_SIGNATURE
    assert os.listdir(settings.releases) == [".lock"]  # noqa: PTH208 - hidden files, too
