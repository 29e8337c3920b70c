"""All commands in their sections: what the help prints, and where each command stands.

The help is printed from this table alone; a module is imported when its command is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = {
    "quarantine": "The quarantined documents, with their findings.",
    "decisions": "What people decided about quarantined documents.",
    "office": "The folder of an office: its names, regions, words and declarations.",
    "sources": "The declared sources, and drafts for new ones.",
    "archive": "Every received file, under its hash.",
    "db": "The warehouse's schema, and who may read it.",
    "automations": "What Prefect does by itself.",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name (`figures`, `sources list`), its module and function, its help."""

    name: str
    module: str
    function: str
    help: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words one types after `kca`."""
        return tuple(self.name.split())


SECTIONS: dict[str, tuple[Command, ...]] = {
    "Begin": (
        Command(
            "demo", "demo", "demo", "Generate sample documents, run the flow, show the overview."
        ),
        Command("samples", "demo", "samples", "Write the bundled sample documents into FOLDER."),
        Command(
            "doctor", "prefect", "doctor", "Say what is wrong with this machine, and what to do."
        ),
        Command("office init", "office", "init", "Write the FOLDER of a Jobcenter."),
        Command("office check", "office", "check", "Say what is wrong with an office's folder."),
        Command("office schema", "office", "schema", "Print the JSON Schema of office.yaml."),
    ),
    "Load": (
        Command(
            "run", "documents", "run", "Load FILES of SOURCE, or fetch the document of --month."
        ),
        Command("inspect", "documents", "inspect", "Say what FILE is and what would be loaded."),
        Command("plan", "plan", "plan", "Say what loading FILES would change; load nothing."),
        Command("watch", "watch", "watch", "Pick up the documents that people drop into FOLDER."),
        Command(
            "backfill", "backfill", "backfill", "Fill the gaps of sources in a range of months."
        ),
        Command("quarantine list", "quarantine", "show_all", "List the quarantined documents."),
        Command("quarantine show", "quarantine", "show", "Show a document's findings."),
        Command("quarantine replay", "quarantine", "replay", "Try quarantined documents again."),
    ),
    "Decide": (
        Command("questions", "decisions", "questions", "List what quarantined documents ask."),
        Command("decide", "decisions", "decide", "Answer a quarantined document's questions."),
        Command("withdraw", "decisions", "withdraw", "Take a loaded document back."),
        Command("decisions list", "decisions", "show_all", "List all decisions."),
        Command("decisions show", "decisions", "show", "Show a decision."),
        Command("decisions revoke", "decisions", "revoke", "Take a decision back."),
    ),
    "Look": (
        Command("status", "calendar", "status", "Draw source × month of a year with their states."),
        Command(
            "calendar", "calendar", "calendar", "List what is due in a year, and when overdue."
        ),
        Command("figures", "figures", "figures", "Print figures from the warehouse."),
        Command("explain", "figures", "explain", "Lead a figure back to document, sheet and cell."),
        Command(
            "reconcile", "reconcile", "reconcile", "Compare the figures that two sources state."
        ),
        Command("browse", "browse", "browse", "Show the embedded warehouse in a web browser."),
    ),
    "Report": (
        Command("report", "report", "report", "Render the overview of MONTH in all forms."),
        Command(
            "compare", "comparison", "compare", "Compare KENNZAHL over all Jobcenter or Kreise."
        ),
        Command("site", "site", "site", "Publish the website into FOLDER."),
        Command("quality", "quality", "quality", "Write the quality report of MONTH."),
        Command("catalogue", "quality", "catalogue", "Write the data catalogue."),
        Command(
            "check-text", "texts", "check_text", "Check every figure and claim of a German text."
        ),
        Command("draft", "texts", "draft", "Draft the text of MONTH, each number with its proof."),
        Command("export", "open_data", "export", "Write the open data into FOLDER."),
        Command("release", "release", "release", "Release MONTH as one file that proves itself."),
    ),
    "Sources": (
        Command("sources list", "sources", "show_all", "List the declared sources."),
        Command(
            "sources check", "sources", "check", "Check every declaration, or how it reads FILES."
        ),
        Command(
            "sources propose", "sources", "propose", "Draft a declaration or a patch for FILE."
        ),
        Command("sources learn", "sources", "learn", "Find relations in the issues of SOURCE."),
        Command("sources probe", "sources", "probe", "Ask the publisher of SOURCE once."),
        Command("sources schema", "sources", "schema", "Print the JSON Schema of a declaration."),
        Command(
            "rules", "rules", "rules", "List the rules that documents of SOURCE are checked by."
        ),
    ),
    "Keep and prove": (
        Command("verify", "release", "verify", "Check a release with nothing but its FILE."),
        Command("archive verify", "archive", "verify", "Hash every archived file anew."),
        Command("archive export", "archive", "export", "Hand out a document with its provenance."),
        Command(
            "rebuild", "archive", "rebuild", "Build the warehouse anew and prove it is the same."
        ),
        Command("db upgrade", "db", "upgrade", "Bring the warehouse to this version's schema."),
        Command("db check", "db", "check", "Tell whether code and database agree."),
        Command(
            "db grant-readers", "db", "grant", "Let ROLE read the published views, nothing else."
        ),
    ),
    "Operate": (
        Command("serve", "prefect", "serve", "Bring up Prefect on this machine."),
        Command("deploy", "prefect", "deploy", "Bring a Prefect server up to date."),
        Command("automations apply", "prefect", "apply", "Create or change Prefect's automations."),
    ),
}


def commands() -> dict[str, Command]:
    """Return all commands by name."""
    return {command.name: command for section in SECTIONS.values() for command in section}
