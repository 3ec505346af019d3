"""Importers: the exports of learning platforms, loaded as the source tables of one creator."""
