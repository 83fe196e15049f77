# SPDX-License-Identifier: Apache-2.0
# tries: run unit tests with fixtures, mocks, doctests and skips

import doctest
import io
import unittest
from unittest import mock


def double(x):
    """Give twice as much.

    >>> double(2)
    4
    """
    return 2 * x


class Tests(unittest.TestCase):
    def setUp(self):
        self.numbers = [1, 2]

    def test_double(self):
        for x in self.numbers:
            with self.subTest(x=x):
                self.assertEqual(double(x), x + x)

    def test_mock(self):
        with mock.patch('os.getcwd', return_value='/nowhere'):
            import os
            self.assertEqual(os.getcwd(), '/nowhere')

    @unittest.skip('to show it')
    def test_skipped(self):
        self.fail()


suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)
result = unittest.TextTestRunner(io.StringIO()).run(suite)
assert result.wasSuccessful() and result.testsRun == 3 and len(result.skipped) == 1
assert doctest.testmod() == (0, 1)
print(result)
