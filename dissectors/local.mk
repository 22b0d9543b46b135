# dissectors
