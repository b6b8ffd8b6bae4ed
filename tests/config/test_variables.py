"""What an operator may set is declared once, told in the documents, and checked with a sentence."""

import re
from pathlib import Path

import pytest

from handsel.config.variables import INNER, NAMES, VARIABLES, table, unknown
from tests.core.processes import ROOT

WRONG = {
    "HANDSEL_DATABASE_URL": "mysql://shop@localhost/handsel",
    "HANDSEL_FILES": "https://larkspur.s3.example",
    "HANDSEL_FILES_ENDPOINT": "s3.example",
    "HANDSEL_ADDRESS": "handsel.example",
    "HANDSEL_HOSTS": "https://office.example",
    "HANDSEL_PROXIES": "many",
    "HANDSEL_SMTP": "mail.example",
    "HANDSEL_MAIL_FROM": "the shop",
    "HANDSEL_SECRET_KEY": "short",
    "HANDSEL_WEBHOOKS_TO_PRIVATE": "yes",
    "HANDSEL_METRICS_TOKEN": "short",
    "HANDSEL_LOG_LEVEL": "loud",
    "HANDSEL_LOG_FORMAT": "xml",
}
RIGHT = {
    "HANDSEL_DATABASE_URL": "postgresql://shop:secret@127.0.0.1:5432/handsel",
    "HANDSEL_FILES": "s3://larkspur/handsel",
    "HANDSEL_FILES_ENDPOINT": "https://s3.example:9000",
    "HANDSEL_ADDRESS": "https://handsel.example/",
    "HANDSEL_HOSTS": "office.example, 10.0.0.5",
    "HANDSEL_PROXIES": "2",
    "HANDSEL_SMTP": "smtps://shop:secret@mail.example",
    "HANDSEL_MAIL_FROM": "Shop <handsel@office.example>",
    "HANDSEL_SECRET_KEY": "k" * 32,
    "HANDSEL_WEBHOOKS_TO_PRIVATE": "1",
    "HANDSEL_METRICS_TOKEN": "t" * 20,
    "HANDSEL_LOG_LEVEL": "INFO",
    "HANDSEL_LOG_FORMAT": "json",
}


def test_every_variable_that_the_program_names_is_declared() -> None:
    named = {
        name
        for file in (ROOT / "src/handsel").rglob("*.py")
        for name in re.findall(r"HANDSEL_[A-Z]+(?:_[A-Z]+)*", file.read_text())
    }
    assert {name for name in named - NAMES if not f"{name}_".startswith(INNER)} == set()
    assert named >= NAMES


def test_nothing_is_read_from_the_environment_beside_them() -> None:
    readers = {
        str(file.relative_to(ROOT / "src/handsel"))
        for file in (ROOT / "src/handsel").rglob("*.py")
        if re.search(r"os\.(environ\.get|environ\[\"HANDSEL|getenv)", file.read_text())
    }
    own = {"config/environment.py", "config/variables.py", "config/wsgi.py", "cli/ground.py", "cli/serving.py"}
    assert readers <= own | {"__main__.py"}, readers - own


@pytest.mark.parametrize(("document", "checked"), [("README.md", False), ("docs/settings.md", True)])
def test_the_documents_hold_the_table_as_the_program_makes_it(document: str, checked: bool) -> None:
    assert table(checked=checked) in (ROOT / document).read_text()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_a_sentence_that_names_its_variable(name: str, tmp_path: Path) -> None:
    variable = next(v for v in VARIABLES if v.name == name)
    with pytest.raises(ValueError, match=rf"{name} must .*\.$"):
        variable.read({name: WRONG[name], "HANDSEL_DATA": str(tmp_path)})


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_value_is_taken(name: str, tmp_path: Path) -> None:
    variable = next(v for v in VARIABLES if v.name == name)
    assert variable.read({name: RIGHT[name], "HANDSEL_DATA": str(tmp_path)})


def test_every_variable_has_a_default_that_is_taken(tmp_path: Path) -> None:
    for variable in VARIABLES:
        variable.read({"HANDSEL_DATA": str(tmp_path)})
    assert set(WRONG) == set(RIGHT) == NAMES - {"HANDSEL_DATA"}


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("HANDSEL_DATABASE", "HANDSEL_DATABASE_URL"),
        ("HANDSEL_PORXIES", "HANDSEL_PROXIES"),
        ("HANDSEL_LOGLEVEL", "HANDSEL_LOG_LEVEL"),
    ],
)
def test_a_variable_that_is_not_known_is_named_with_the_nearest_one(misspelt: str, meant: str) -> None:
    assert unknown({misspelt: "x", "PATH": "/bin"}) == [f"There is no variable {misspelt}; the nearest is {meant}."]


def test_what_handsel_sets_for_itself_is_no_stranger() -> None:
    assert unknown({"HANDSEL_PARENT": "1", "HANDSEL_TESTS_RAN": "x", "HANDSEL_DATA": "x"}) == []
