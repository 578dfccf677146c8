"""HiGHS, silent on standard output. It takes memory, with numpy, so only a process that composes imports it."""

import highspy


class Solver(highspy.Highs):
    def enableCallbacks(self) -> None:
        # The constructor calls this, and it prints two lines about HiGHS: so the output is turned off first.
        self.silent()
        super().enableCallbacks()
