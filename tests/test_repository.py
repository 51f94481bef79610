"""What stands around the code: workflows, forms, container, links of the README, releases of the data."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tradeviz import exhibits
from tradeviz.cli import app
from tradeviz.data import load_tables
from tradeviz.data.places import data_release
from tradeviz.upkeep import release

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOME = PROJECT["project"]["urls"]["Repository"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = [ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml" for name in ("wrong-fact", "missing-meeting")]


@pytest.mark.parametrize(
    ("schema", "files"),
    [("github-workflows", WORKFLOWS), ("github-issue-forms", FORMS)],
    ids=["workflows", "forms"],
)
def test_workflows_and_forms_have_the_form_that_github_publishes(schema: str, files: list[Path]) -> None:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.{schema}",
    ]
    said = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def steps(workflow: Path) -> list[dict[str, str]]:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_every_script_of_a_workflow_parses_and_calls_commands_and_options_that_exist() -> None:
    called = set()
    for workflow in WORKFLOWS:
        for step in steps(workflow):
            script = re.sub(r"\$\{\{.*?\}\}", "test", step.get("run", ""))
            subprocess.run(["bash", "-n"], input=script, text=True, check=True)
            called |= {(name, tuple(re.findall(r"--[a-z-]+", rest))) for name, rest in calls(script)}
    assert {name for name, _ in called} >= {"due", "watch", "build"}
    for name, options in called:
        told = CliRunner(env={"COLUMNS": "200"}).invoke(app, [name, "--help"])
        assert told.exit_code == 0, name
        assert all(option in told.stdout for option in options), (name, options)


def calls(script: str) -> list[tuple[str, str]]:
    """Commands of tradeviz in a script, each with the rest of its line."""
    return re.findall(r"\btradeviz ([a-z]+)((?: [^\n|&;>]*)?)", script)


def test_workflows_ask_for_no_more_than_they_need() -> None:
    for workflow in WORKFLOWS:
        parsed = yaml.safe_load(workflow.read_text(encoding="utf-8"))
        assert parsed["permissions"] == {"contents": "read"}
        wider = {name for name, job in parsed["jobs"].items() if "permissions" in job}
        assert wider <= {"deploy"}
        assert all("timeout-minutes" in job for job in parsed["jobs"].values())


def test_workflows_make_what_the_makefile_has_the_documentation_too() -> None:
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    made = {goal for path in WORKFLOWS for goal in re.findall(r"\bmake ([a-z-]+)", path.read_text("utf-8"))}
    assert made == {"docs"}
    assert made <= goals


def test_the_tests_run_on_every_python_that_the_package_names() -> None:
    matrix = yaml.safe_load(WORKFLOWS[-1].read_text(encoding="utf-8"))["jobs"]["tests"]["strategy"]["matrix"]
    named = [one.rsplit(" ", 1)[1] for one in PROJECT["project"]["classifiers"] if ":: 3." in one]
    assert matrix["python"] == named
    assert matrix["include"] == [{"goal": "test-lowest", "python": named[0]}]


def test_the_container_does_not_run_as_root_and_copies_what_there_is() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in ("root", "0")
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)


def test_links_of_the_readme_work_on_a_package_index_and_lead_to_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert not [link for link in links if not link.startswith(("https://", "#"))]
    raw = HOME.replace("github.com", "raw.githubusercontent.com") + "/main/"
    for link in links:
        for base in (f"{HOME}/blob/main/", f"{HOME}/tree/main/", raw):
            if link.startswith(base):
                assert (ROOT / link.removeprefix(base).partition("#")[0]).exists(), link
    assert any(link.startswith(HOME) for link in links)


def test_names_in_the_code_say_what_a_thing_is_or_what_an_act_does() -> None:
    vague, found = {"place", "told", "kept", "held", "own", "one"}, []
    fields = {ast.FunctionDef: "name", ast.arg: "arg", ast.Name: "id", ast.Attribute: "attr"}
    folders = [ROOT / name for name in ("src", "soak", "bench", "tests/oracle")]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, tuple(fields)) and not isinstance(getattr(node, "ctx", None), ast.Load):
                name = getattr(node, fields[type(node)])
                if name.strip("_") in vague:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert not found, f"call a thing by a noun, an act by a verb: {', '.join(found)}"


def test_a_source_distribution_carries_what_the_tests_and_the_makefile_use() -> None:
    listed = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert {"/bench", "/soak", "/tests", "/.github", "/Dockerfile", "/SECURITY.md"} <= set(listed)
    assert all((ROOT / name.lstrip("/")).exists() for name in listed)


def test_a_release_of_the_data_is_ready_when_all_that_name_it_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CITATION.cff", "pyproject.toml", "docs/data-releases.md", "data/datapackage.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    named = data_release(tmp_path / "data")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795953600")  # 29 November 2026
    assert (named == "2026.11.29") == (release.disagreements(tmp_path) == [])
    monkeypatch.setenv("TRADEVIZ_DATA", str(tmp_path / "data"))
    assert f", data {named}, United States" in exhibits.closing(load_tables(ROOT / "data").at()).markup
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")  # 17 March 2030
    said = release.disagreements(tmp_path)
    assert len(said) == 2
    assert "python -m tradeviz.data data 2030.3.17" in said[0]
    assert said[1] == "CITATION.cff does not say date-released: 2030-03-17"


def test_the_difference_of_two_releases_names_rows_by_their_keys(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, lines in (
        (old, ["KOR,Korea", "JPN,Japan", "OLD,Gone"]),
        (new, ["KOR,South Korea", "JPN,Japan", "NEW,New"]),
    ):
        folder.mkdir()
        (folder / "partners.csv").write_text("\n".join(["partner,name", *lines, ""]), encoding="utf-8")
    said = release.difference(old, new)
    assert said == "- `partners`: one row added (NEW); one row taken out (OLD); one row changed (KOR).\n"
    assert release.difference(new, new) == "No table changed.\n"
    assert release.difference(None, new) == "- `partners`: three rows added.\n"
