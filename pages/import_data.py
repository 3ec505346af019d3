"""The page for importing files: CSV, Excel and exports of known platforms. Only the creator imports."""

import streamlit as st

from database.time_zones import time_zones
from queries.imports.files import import_files
from queries.imports.landed import landed_imports
from sources.mappings.saved import saved_mappings
from ui.account.viewer import viewer
from ui.imports.arriving import arriving_list, choose_files
from ui.imports.files import Gathered, file_cards, looks_of
from ui.imports.landed import UNDOING, import_list
from ui.imports.questions import Zones
from ui.imports.set_up import DONE
from ui.imports.templates import templates
from ui.shared.empty import nothing_yet
from ui.shared.flash import RUNNING_ICON, show_message
from ui.shared.gathering import gathering

seen_by = viewer()
can_change = not seen_by.is_staff

st.title("Import files")
st.write("CSV files and Excel workbooks: from a platform, from a template, or your own.")
with gathering():
    files = import_files(seen_by.creator_id) if can_change else []
    imports = landed_imports(seen_by.creator_id)
    gathered = Gathered(
        files,
        looks_of(files),
        saved_mappings(seen_by.creator_id) if files else [],
        Zones(time_zones() if files else [], seen_by.creator.timezone),
    )
show_message(DONE, "toast")
show_message(UNDOING, "toast", RUNNING_ICON)

if can_change:
    choose_files(seen_by)
    arriving_list(seen_by, [one for one in files if one.is_arriving])
    file_cards(seen_by, gathered)
else:
    nothing_yet("Only the creator imports files.", "Staff see what was imported on the creator's pages.")

if imports:
    st.header("Imports")
    import_list(seen_by, imports)

st.header("Templates")
templates()
