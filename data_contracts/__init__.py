"""What each feed promises, and the gate that holds a file to it."""
