/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/nearest.h"

#include "core/ascii.h"

#include <string.h>

enum { LONGEST = 64 };

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Optimal string alignment distance of two texts of at most LONGEST bytes. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t row[3][LONGEST + 1];
    size_t *before = row[0], *above = row[1], *here = row[2];

    for (size_t j = 0; j <= nb; j++) {
        above[j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t *spare = before;

        here[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            char x = mtp_ascii_lower(a[i - 1]), y = mtp_ascii_lower(b[j - 1]);

            here[j] = min3(above[j] + 1, here[j - 1] + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == mtp_ascii_lower(b[j - 2]) &&
                mtp_ascii_lower(a[i - 2]) == y && before[j - 2] + 1 < here[j]) {
                here[j] = before[j - 2] + 1;
            }
        }
        before = above;
        above = here;
        here = spare;
    }
    return above[nb];
}

size_t mtp_nearest_name(const char *typed, size_t n, const char *const names[])
{
    size_t length = strlen(typed), best = n, least = 0;

    for (size_t i = 0; i < n; i++) {
        size_t other = names[i] ? strlen(names[i]) : LONGEST + 1;
        size_t longer = other > length ? other : length, d;

        if (longer > LONGEST) {
            continue;
        }
        d = distance(typed, length, names[i], other);
        if (3 * d <= longer + 1 && (best == n || d < least)) {
            best = i;
            least = d;
        }
    }
    return best;
}
