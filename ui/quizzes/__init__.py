"""The parts of the pages about quizzes."""
