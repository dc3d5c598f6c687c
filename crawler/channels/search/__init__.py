"""What search services are asked, and how their answers are read."""
