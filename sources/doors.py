"""The ways in which a creator's own data can come in, each with a line for the page "Your data".

A door that is built adds its line here, in the order in which people should try them.
"""

from dataclasses import dataclass
from shlex import quote
from typing import Literal

COMMAND = ".venv/bin/python manage.py"


@dataclass(frozen=True)
class Door:
    """One way in: its name, what it is for, and where it leads.

    `page` is the address of a page of the dashboard ("": none); `command` is to be typed, with {creator} for the
    creator's name; `docs` is a page of the documentation. `audience` is who can use it: creators in the browser, or
    those who administer the server.
    """

    name: str
    icon: str
    sentence: str
    page: str = ""
    command: str = ""
    docs: str = ""
    audience: Literal["creators", "administrators"] = "creators"

    def command_for(self, creator: str) -> str:
        """The command as it is typed for this creator, whatever is in the name."""
        return f"{COMMAND} {self.command.format(creator=quote(creator))}" if self.command else ""


DOORS = (
    Door(
        "CSV and Excel files",
        ":material/upload_file:",
        "Import students, progress, what they watched, quizzes and more: from a platform's export, or your own file.",
        page="import_data",
        command="import FILE --creator {creator}",
        docs="docs/importing.md",
    ),
    Door(
        "Upload videos",
        ":material/upload:",
        "Add the videos that students watch, and put them in order.",
        page="videos",
    ),
    Door(
        "Invite students",
        ":material/person_add:",
        "Send people an email with a link. Those who accept become students.",
        page="invitations",
    ),
    Door(
        "Events from your player",
        ":material/play_circle:",
        "A snippet on your pages, or your server, sends what students watch and do. Figures follow within a minute.",
        command="api-key create --creator {creator} --scope ingest --origin https://school.example",
        docs="docs/events.md",
        audience="administrators",
    ),
    Door(
        "xAPI",
        ":material/hub:",
        "Moodle, Open edX and video players send their statements here, as to a learning record store.",
        command="api-key create --creator {creator} --scope xapi-server",
        docs="docs/xapi.md",
        audience="administrators",
    ),
    Door(
        "FutureLearn",
        ":material/school:",
        "Load the export of a course run: the folder with its CSV files. Loading it again changes nothing.",
        command="import-futurelearn FOLDER --creator {creator} --course TITLE",
        docs="docs/importing.md",
        audience="administrators",
    ),
    Door(
        "HTTP API",
        ":material/api:",
        "Programs add courses and runs, enrol students and read the figures. They need a key.",
        command="api-key create --creator {creator} --scope write",
        docs="docs/api.md",
        audience="administrators",
    ),
    Door(
        "Your platform's database",
        ":material/database:",
        "A learning platform writes students, videos and what happened into the tables, by SQL.",
        docs="docs/operations.md",
        audience="administrators",
    ),
)
