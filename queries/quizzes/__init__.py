"""Quizzes, their questions, and how students answer them."""
