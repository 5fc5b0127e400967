/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several families need. */
#include "core/ascii.h"
#include "lint/work.h"
#include "text/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double mtp_lint_median(double x[], size_t n)
{
    if (n == 0) {
        return (double)NAN;
    }
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : 0.5 * x[n / 2 - 1] + 0.5 * x[n / 2];
}

const char *mtp_lint_folded(mtp_lint_work *work, const char *text, bool lookalikes)
{
    const char *copy = "";
    mtp_strbuf folded;

    mtp_strbuf_init(&folded);
    mtp_fold_add(&folded, text, lookalikes);
    if (folded.text) {
        copy = mtp_arena_strdup(work->scratch, folded.text);
    }
    work->failed = work->failed || folded.failed || !copy;
    mtp_strbuf_free(&folded);
    return copy ? copy : "";
}

bool mtp_lint_contains(const char *name, const char *word)
{
    for (; *name; name++) {
        size_t i = 0;

        while (word[i] && mtp_ascii_lower(name[i]) == word[i]) {
            i++;
        }
        if (!word[i]) {
            return true;
        }
    }
    return false;
}

/* Words with which labels begin that name nobody. */
static bool is_generic(const char *word, size_t length)
{
    static const char *const words[] = {
        "study",  "trial",   "group",      "cohort", "patient",  "patients", "centre",
        "center", "site",    "hospital",   "school", "district", "arm",      "sample",
        "the",    "unnamed", "experiment", "paper",  "article",  "record"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == length && strncmp(words[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

size_t mtp_lint_author(const char *folded)
{
    size_t length = 0;

    while (folded[length] && !strchr(" ,;.:()[]0123456789_/", folded[length])) {
        length++;
    }
    return length >= 3 && !is_generic(folded, length) ? length : 0;
}
