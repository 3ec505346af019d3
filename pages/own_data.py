"""The page of one's own data: what there is, what is missing, and the ways in."""

import streamlit as st

from queries.overview.data_there import data_there
from ui.account.viewer import viewer
from ui.own_data.doors import door_list
from ui.own_data.inventory import inventory
from ui.own_data.removing_demo import is_demo_removable, remove_demo_button
from ui.shared.gathering import gathering

seen_by = viewer()

st.title("Your data")
with gathering():
    there, removable = data_there(seen_by.creator_id), is_demo_removable()

inventory(there, is_demo=seen_by.creator.is_demo)
door_list(seen_by)
if removable:
    st.header("Demo")
    remove_demo_button()
