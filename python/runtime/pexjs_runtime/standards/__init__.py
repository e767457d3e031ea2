"""The parts of the PyPA specifications that choosing distributions needs; `re` is avoided because importing it costs 4 ms."""
