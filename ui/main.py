"""The script that runs for every page: the account, the navigation, then the page."""

import secrets

import streamlit as st

from database.levels import at_level
from database.logs import about
from database.settings import PROJECT_DIR
from queries.cache.editions import one_look
from ui.account.gate import access_denied
from ui.account.sign_in import sign_in
from ui.account.viewer import needs_upgrade, signed_in_account
from ui.navigation import locked_pages, pages_for
from ui.shared.connection import connection_watched
from ui.shared.errors import database_trouble_explained
from ui.shared.filters import forget_other_pages
from ui.shared.same_page import same_page_links_followed
from ui.top_bar.bar import top_bar

ASSETS = PROJECT_DIR / "ui" / "assets"

about.set({"requestId": secrets.token_hex(8)})  # of this run, in every line of the log; its thread is its own
st.set_page_config(page_title="Creator Dashboard", page_icon="📊", layout="wide")
st.logo(ASSETS / "logo.svg", size="large")
st.html(ASSETS / "style.css")
connection_watched()
same_page_links_followed()

with database_trouble_explained():
    account = signed_in_account()
    # Navigation comes first on every run, and offers only pages the viewer may open: every
    # address then leads to the sign-in or to the gate, and stays in the URL meanwhile.
    if account is None:
        st.navigation(locked_pages(sign_in), position="hidden").run()
    elif needs_upgrade(account):
        st.navigation(locked_pages(access_denied), position="hidden").run()
    else:
        page = st.navigation(pages_for(account), expanded=True)  # else Streamlit hides the last ones from staff
        forget_other_pages(page.url_path)
        # A run shows its changes in the next one: every change ends in a rerun.
        with one_look(), at_level(top_bar(account)):
            page.run()
