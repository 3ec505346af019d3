"""DataFrame -> alt.Chart: pure functions, used by pages, reports and mail alike.

Colours come from the theme's category range: the first is this period, the second what it is
compared with. The dashboard's light and dark themes and the reports' own theme each set it.
"""
