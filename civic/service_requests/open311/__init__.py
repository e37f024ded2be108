"""Service requests as other systems read and write them: Open311 GeoReport v2."""
