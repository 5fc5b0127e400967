/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that agree in what their roles say, and how much that surprises. */
#include "core/number.h"
#include "lint/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t mtp_lint_given(const mtp_lint_work *w, size_t n, const mtp_role role[],
                      mtp_role given[])
{
    size_t count = 0;

    for (size_t r = 0; r < n; r++) {
        double low = (double)INFINITY, high = -(double)INFINITY;

        for (size_t i = 0; mtp_lint_has(w, role[r]) && i < w->rows; i++) {
            double x = mtp_lint_value(w, role[r], i);

            low = x < low ? x : low;
            high = x > high ? x : high;
        }
        if (low < high) {
            given[count++] = role[r];
        }
    }
    return count;
}

static int compare_values(double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return isnan(a) - isnan(b);
    }
    return (a > b) - (a < b);
}

static int by_values(const void *left, const void *right)
{
    const mtp_lint_tuple *a = left, *b = right;
    int order;

    for (size_t i = 0; i < a->n; i++) {
        order = compare_values(a->value[i], b->value[i]);

        if (order) {
            return order;
        }
    }
    order = strcmp(a->label, b->label);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

bool mtp_lint_same(const mtp_lint_tuple *a, const mtp_lint_tuple *b)
{
    for (size_t i = 0; i < a->n; i++) {
        if (compare_values(a->value[i], b->value[i])) {
            return false;
        }
    }
    return true;
}

size_t mtp_lint_tuples(mtp_lint_work *w, size_t n, const mtp_role role[],
                       mtp_lint_tuple **tuple)
{
    mtp_lint_tuple *all = MTP_LINT_ARRAY(w, w->rows, mtp_lint_tuple);
    double *value = MTP_LINT_ARRAY(w, w->rows * n, double);
    size_t k = 0;

    for (size_t i = 0; !w->failed && i < w->rows; i++) {
        double *to = value + k * n;
        bool any = false;

        for (size_t r = 0; r < n; r++) {
            to[r] = mtp_lint_value(w, role[r], i);
            any = any || !isnan(to[r]);
        }
        if (any) {
            all[k++] = (mtp_lint_tuple){to, n, i, w->label ? w->label[i] : ""};
        }
    }
    if (k > 0) {
        qsort(all, k, sizeof *all, by_values);
    }
    *tuple = all;
    return k;
}

/* How often the value stands in the role, and how many values there are. */
static double rarity(const mtp_lint_work *w, mtp_role role, double x)
{
    size_t same = 0, all = 0;

    for (size_t i = 0; i < w->rows; i++) {
        double y = mtp_lint_value(w, role, i);

        same += y == x;
        all += isnan(y) ? 0 : 1;
    }
    return same > 3 ? log10((double)all / (double)same) : (double)INFINITY;
}

/* Digits of a value; those of a variance are the digits of its root, where it was made
 * of one. */
static double digits_of(mtp_role role, double x)
{
    double digits = (double)mtp_lint_digits(x);

    return role == MTP_ROLE_VI && x > 0.0
               ? fmin(digits, (double)mtp_lint_digits(sqrt(x)))
               : digits;
}

double mtp_lint_surprise(const mtp_lint_work *w, const mtp_role role[],
                         const mtp_lint_tuple *tuple)
{
    double digits = 0.0;

    for (size_t r = 0; r < tuple->n; r++) {
        if (!isnan(tuple->value[r])) {
            digits += fmin(digits_of(role[r], tuple->value[r]),
                           rarity(w, role[r], tuple->value[r]));
        }
    }
    return digits;
}

const char *mtp_lint_tuple_text(mtp_lint_work *w, const mtp_role role[],
                                const mtp_lint_tuple *tuple)
{
    const char *text = "";

    for (size_t r = 0; text && r < tuple->n; r++) {
        if (!isnan(tuple->value[r])) {
            text = mtp_arena_printf(w->scratch, "%s%s%s %s", text, *text ? ", " : "",
                                    mtp_role_id(role[r]),
                                    mtp_number_brief(tuple->value[r], 10).text);
        }
    }
    w->failed = w->failed || !text;
    return text ? text : "";
}

bool mtp_lint_same_author(const mtp_lint_work *w, size_t a, size_t b)
{
    size_t n = w->label ? mtp_lint_author(w->label[a]) : 0;

    return n > 0 && mtp_lint_author(w->label[b]) == n &&
           memcmp(w->label[a], w->label[b], n) == 0;
}

bool mtp_lint_same_label(const mtp_lint_work *w, size_t a, size_t b)
{
    return w->label && *w->label[a] && strcmp(w->label[a], w->label[b]) == 0;
}

static int by_author(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    size_t n = mtp_lint_author(*a), m = mtp_lint_author(*b);
    int order = memcmp(*a, *b, n < m ? n : m);

    return order ? order : (n > m) - (n < m);
}

double mtp_lint_author_pairs(mtp_lint_work *w)
{
    const char **label = w->label ? MTP_LINT_ARRAY(w, w->rows, const char *) : NULL;
    double pairs = 0.0;
    size_t n = 0;

    for (size_t i = 0; label && i < w->rows; i++) {
        if (mtp_lint_author(w->label[i]) > 0) {
            label[n++] = w->label[i];
        }
    }
    if (n > 0) {
        qsort(label, n, sizeof *label, by_author);
    }
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && by_author(&label[i], &label[next]) == 0;
             next++) {
        }
        pairs += 0.5 * (double)(next - i) * (double)(next - i - 1);
    }
    return pairs > 1.0 ? log10(pairs) : 0.0;
}
