"""What each national target means and the arithmetic: frames in, frames out; no files, database or screen."""
