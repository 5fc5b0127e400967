/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L2: one label written in several ways. */
#include "lint/work.h"
#include "table/collector.h"

#include <stdlib.h>
#include <string.h>

/* A label as it is written, and the forms in which labels are compared. */
typedef struct label {
    const char *text, *folded, *skeleton;
    size_t row, count;
} label;

enum { LONGEST = 200 }; /* bytes; longer cells are prose */

static int by_text(const void *left, const void *right)
{
    const label *a = left, *b = right;
    int order = strcmp(a->text, b->text);

    return order ? order : (a->row > b->row) - (a->row < b->row);
}

/* The same skeletons together, of these the most frequent first. */
static int by_skeleton(const void *left, const void *right)
{
    const label *a = left, *b = right;
    int order = strcmp(a->skeleton, b->skeleton);

    if (order) {
        return order;
    }
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

/* The different labels of a column with their frequencies. */
static size_t collect(mtp_lint_work *w, const mtp_column *column, label all[])
{
    size_t n = 0, distinct = 0;

    for (size_t i = 0; i < w->rows; i++) {
        if (!column->missing[i] && strlen(column->text[i]) <= LONGEST) {
            all[n++] = (label){column->text[i], NULL, NULL, i, 1};
        }
    }
    if (n > 0) {
        qsort(all, n, sizeof *all, by_text);
    }
    for (size_t i = 0; i < n; i++) {
        if (distinct > 0 && strcmp(all[distinct - 1].text, all[i].text) == 0) {
            all[distinct - 1].count++;
        } else {
            all[distinct++] = all[i];
        }
    }
    for (size_t i = 0; i < distinct; i++) {
        all[i].folded = mtp_lint_folded(w, all[i].text, false);
        all[i].skeleton = mtp_lint_folded(w, all[i].text, true);
    }
    if (distinct > 0) {
        qsort(all, distinct, sizeof *all, by_skeleton);
    }
    return distinct;
}

static void report(mtp_lint_work *w, mtp_lint_rule_index rule, const char *column,
                   const label *frequent, const label *rare)
{
    char a[MTP_EXCERPT], b[MTP_EXCERPT];

    mtp_lint_add(
        w, rule, (mtp_lint_place){rare->row, frequent->row, column, rare->count},
        "\"%s\" (%zu row%s) beside \"%s\" (%zu)",
        mtp_excerpt(rare->text, strlen(rare->text), a), rare->count,
        rare->count == 1 ? "" : "s",
        mtp_excerpt(frequent->text, strlen(frequent->text), b), frequent->count);
}

static void variants(mtp_lint_work *w, const char *column, size_t n, const label all[])
{
    for (size_t i = 1, first = 0; i < n; i++) {
        if (strcmp(all[first].skeleton, all[i].skeleton) != 0) {
            first = i;
        } else if (all[i].skeleton[0]) {
            report(w,
                   strcmp(all[first].folded, all[i].folded) == 0
                       ? MTP_LINT_LABEL_VARIANTS
                       : MTP_LINT_LABEL_LOOKALIKE,
                   column, &all[first], &all[i]);
        }
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* A letter that may be a name of its own: within a word, and no Roman figure. */
static bool is_slip(const char *text, size_t at)
{
    return at > 0 && is_letter(text[at]) && is_letter(text[at - 1]) &&
           !strchr("ivx", text[at]);
}

/*
 * One keystroke apart: a letter more, less or other, or two neighbours swapped (Damerau
 * 1964); not the first letter, a figure, a letter that stands alone, or another last
 * letter, with which names are told apart.
 */
static bool is_near(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), at = 0;

    if (n > m) {
        return is_near(b, a);
    }
    while (at < n && a[at] == b[at]) {
        at++;
    }
    if (m == n + 1) {
        return is_slip(b, at) && strcmp(a + at, b + at + 1) == 0;
    }
    if (m != n || !is_slip(a, at) || !is_slip(b, at)) {
        return false;
    }
    return (a[at + 1] && strcmp(a + at + 1, b + at + 1) == 0) ||
           (a[at] == b[at + 1] && a[at + 1] == b[at] && a[at] != '\0' &&
            strcmp(a + at + 2, b + at + 2) == 0);
}

/* Few labels that return make a grouping column. */
static bool is_grouping(const mtp_lint_work *w, size_t distinct)
{
    enum { MOST = 300 };

    return distinct >= 2 && distinct <= MOST && w->rows >= 2 * distinct;
}

static void typos(mtp_lint_work *w, const char *column, size_t n, const label all[])
{
    enum { SHORTEST = 5, FREQUENT = 3, RATIO = 4 };

    if (!is_grouping(w, n) || !mtp_lint_look(w, MTP_LINT_LABEL_TYPO)) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (all[j].count >= FREQUENT && all[j].count >= RATIO * all[i].count &&
                strlen(all[j].folded) >= SHORTEST &&
                is_near(all[i].folded, all[j].folded)) {
                report(w, MTP_LINT_LABEL_TYPO, column, &all[j], &all[i]);
            }
        }
    }
}

void mtp_lint_labels(mtp_lint_work *work)
{
    for (size_t c = 0; c < work->columns && !work->failed; c++) {
        const mtp_lint_column *column = &work->column[c];
        label *all;
        size_t n;

        if (column->numeric || column->texts == 0) {
            continue;
        }
        all = MTP_LINT_ARRAY(work, work->rows, label);
        if (!all) {
            return;
        }
        (void)mtp_lint_look(work, MTP_LINT_LABEL_VARIANTS);
        (void)mtp_lint_look(work, MTP_LINT_LABEL_LOOKALIKE);
        n = collect(work, column->column, all);
        variants(work, column->column->name, n, all);
        typos(work, column->column->name, n, all);
    }
}
