DATE_FORMAT = "l j. F Y"
DATETIME_FORMAT = "l j. F Y \\k\\l. H.i"
TIME_FORMAT = "H.i"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H.i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
# The first is what a field shows. A browser's own field sends the second.
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y"]
# As the portal writes a time, and as a browser's own field sends it. TimeField in parts/forms.py reads more.
TIME_INPUT_FORMATS = ["%H.%M", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
DATETIME_INPUT_FORMATS = [f"{day} {time}" for day in DATE_INPUT_FORMATS for time in ("%H.%M", "%H:%M", "%H:%M:%S")]
