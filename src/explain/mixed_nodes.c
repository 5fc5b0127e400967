/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A study's likelihood as a sum over values of its random effect, whose terms may be
 * sums themselves. */
#include "explain/mixed.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

mtp_figure mtp_law_value(mtp_solution *s, const char *formula)
{
    const mtp_expr *e = mtp_expr_parse(s->arena, formula);

    if (!e) {
        s->failed = true;
        return (mtp_figure){0.0, 0.0};
    }
    return mtp_expr_value(e, &s->scope, 0, MTP_EXACT);
}

static size_t columns_of(const mtp_solution_column column[])
{
    size_t n = 0;

    while (column[n].name || column[n].formula) {
        n++;
    }
    return n;
}

bool mtp_law_fill(mtp_solution *s, size_t n, const mtp_solution_column *column)
{
    double *value = MTP_ARENA_ARRAY(s->arena, n, double);
    double *error = MTP_ARENA_ARRAY(s->arena, n, double);
    const mtp_expr *e = mtp_expr_parse(s->arena, column->formula);

    if (!value || !error || !e) {
        s->failed = true;
        return false;
    }
    for (size_t j = 0; j < n; j++) {
        mtp_figure f = mtp_expr_value(e, &s->scope, j, MTP_EXACT);

        value[j] = f.value;
        error[j] = f.error;
    }
    mtp_scope_set_column(&s->scope, column->name, value, error);
    return true;
}

void mtp_law_begin(mtp_solution *s, const mtp_law *law, bool shown)
{
    for (size_t i = 0; law->before[i].name && !s->failed; i++) {
        const mtp_law_line *line = &law->before[i];

        if (shown) {
            (void)mtp_solution_line(s, line->name, line->formula, (double)NAN);
        } else {
            mtp_scope_set(&s->scope, line->name, mtp_law_value(s, line->formula));
        }
    }
}

/* The sum, quietly; the column `known` is in the scope already. */
static bool evaluate(mtp_solution *s, const mtp_law *law,
                     const mtp_solution_column *known, size_t n, const double value[],
                     mtp_figure line[MTP_LAW_LINES])
{
    size_t mark = s->scope.n, k = s->scope.k;

    s->scope.k = n;
    mtp_scope_set_column(&s->scope, law->over, value, NULL);
    for (size_t t = 0; t < MTP_LAW_TABLES; t++) {
        for (size_t c = 0; c < columns_of(law->table[t]) && !s->failed; c++) {
            if (law->table[t][c].name && law->table[t][c].formula &&
                &law->table[t][c] != known) {
                (void)mtp_law_fill(s, n, &law->table[t][c]);
            }
        }
    }
    for (size_t i = 0; law->line[i].name && !s->failed; i++) {
        line[i] = mtp_law_value(s, law->line[i].formula);
        mtp_scope_set(&s->scope, law->line[i].name, line[i]);
    }
    s->scope.k = k;
    s->scope.n = mark;
    return !s->failed;
}

bool mtp_law_evaluate(mtp_solution *s, const mtp_law *law, size_t n,
                      const double value[], mtp_figure line[MTP_LAW_LINES])
{
    return evaluate(s, law, NULL, n, value, line);
}

static void show_table(mtp_solution *s, const mtp_solution_column column[])
{
    mtp_solution_column shown[MTP_LAW_COLUMNS];
    size_t n = columns_of(column);

    for (size_t c = 0; c < n; c++) {
        shown[c] = column[c];
        if (!shown[c].formula) {
            const mtp_quantity *q = mtp_scope_find(&s->scope, shown[c].name);

            shown[c].values = q ? q->column : NULL;
        }
    }
    if (n > 0) {
        mtp_solution_table(s, n, shown);
    }
}

void mtp_law_show(mtp_solution *s, const mtp_law *law, size_t n, const double value[])
{
    const char *const *kept = s->label;
    const char **label = mtp_solution_numbers(s, n);
    size_t k = s->scope.k;

    if (s->failed) {
        return;
    }
    s->scope.k = n;
    s->label = label;
    s->row_name = "value";
    mtp_scope_set_column(&s->scope, law->over, value, NULL);
    for (size_t t = 0; t < MTP_LAW_TABLES && !s->failed; t++) {
        show_table(s, law->table[t]);
    }
    s->row_name = NULL;
    s->label = kept;
    for (size_t i = 0; law->line[i].name && !s->failed; i++) {
        (void)mtp_solution_line(s, law->line[i].name, law->line[i].formula,
                                (double)NAN);
    }
    s->scope.k = k;
}

size_t mtp_law_lines(const mtp_law *law)
{
    size_t n = 0;

    while (law->line[n].name) {
        n++;
    }
    return n;
}

void mtp_law_give(mtp_solution *s, const char *name, double value, bool shown)
{
    if (shown) {
        mtp_solution_given(s, name, value);
    }
    mtp_solution_know(s, name, value);
}

void mtp_mixed_give(const mtp_mixed *m, size_t i, bool shown)
{
    for (size_t d = 0; d < MTP_MIXED_DATA && m->name[d]; d++) {
        mtp_law_give(m->s, m->name[d], m->datum[d][i], shown);
    }
}

/* The fixed column from a value on. */
static void know_fixed(const mtp_mixed *m, double first)
{
    if (m->fixed) {
        size_t at = (size_t)(first - m->memo->low);

        mtp_scope_set_column(&m->s->scope, m->fixed->name, m->memo->value + at,
                             m->memo->error + at);
    }
}

/* The fixed column over all values between those at both ends of z. */
static bool make_fixed(const mtp_mixed *m, size_t i, double z0, double z1,
                       double room[])
{
    mtp_solution *s = m->s;
    size_t mark = s->scope.n, k = s->scope.k, n, c = 0;
    double step, low, high, *all;
    const mtp_quantity *q;

    n = m->inner_values(m, i, z0, &step, room);
    low = room[0];
    high = room[n - 1];
    n = m->inner_values(m, i, z1, &step, room);
    low = fmin(low, room[0]);
    high = fmax(high, room[n - 1]);
    n = (size_t)(high - low) + 1;
    all = MTP_ARENA_ARRAY(s->arena, n, double);
    for (size_t j = 0; all && j < n; j++) {
        all[j] = low + (double)j;
    }
    s->failed = s->failed || !all;
    s->scope.k = n;
    mtp_scope_set_column(&s->scope, m->inner->over, all, NULL);
    for (; !s->failed && &m->inner->table[0][c] != m->fixed; c++) {
        if (m->inner->table[0][c].formula) {
            (void)mtp_law_fill(s, n, &m->inner->table[0][c]);
        }
    }
    if (!s->failed && mtp_law_fill(s, n, m->fixed)) {
        q = mtp_scope_find(&s->scope, m->fixed->name);
        *m->memo = (mtp_mixed_memo){low, q->column, q->error};
    }
    s->scope.k = k;
    s->scope.n = mark;
    return !s->failed;
}

bool mtp_mixed_inner_lines(const mtp_mixed *m, size_t i, double z, double room[],
                           bool shown, mtp_figure line[MTP_LAW_LINES])
{
    mtp_solution *s = m->s;
    double step = 0.0;
    size_t n = m->inner_values(m, i, z, &step, room), mark = s->scope.n;
    bool good = true;

    mtp_law_give(s, "z", z, shown);
    if (m->step) {
        mtp_law_give(s, m->step, step, shown);
    }
    mtp_law_begin(s, m->inner, shown);
    if (shown) {
        mtp_law_show(s, m->inner, n, room);
    } else {
        know_fixed(m, room[0]);
        good = evaluate(s, m->inner, m->fixed, n, room, line);
    }
    s->scope.n = mark;
    return good;
}

/* The columns over z that the inner law makes: its lines, each with "_i". */
bool mtp_mixed_inner_columns(const mtp_mixed *m, size_t i, size_t n, const double z[])
{
    mtp_solution *s = m->s;
    size_t lines = mtp_law_lines(m->inner);
    double *room = MTP_ARENA_ARRAY(s->arena, MTP_NODES_MAX, double);
    double *value = MTP_ARENA_ARRAY(s->arena, 2 * lines * n, double);

    s->failed = s->failed || !room || !value ||
                (m->fixed && !make_fixed(m, i, z[0], z[n - 1], room));
    for (size_t j = 0; j < n && !s->failed; j++) {
        mtp_arena_mark mark = mtp_arena_save(s->arena);
        size_t capacity = s->scope.capacity;
        mtp_figure line[MTP_LAW_LINES];

        if (mtp_mixed_inner_lines(m, i, z[j], room, false, line)) {
            for (size_t l = 0; l < lines; l++) {
                value[2 * l * n + j] = line[l].value;
                value[(2 * l + 1) * n + j] = line[l].error;
            }
        }
        if (s->scope.capacity == capacity) { /* nothing that is kept was made */
            mtp_arena_release(s->arena, mark);
        }
    }
    for (size_t l = 0; l < lines && !s->failed; l++) {
        const char *name = mtp_arena_printf(s->arena, "%s_i", m->inner->line[l].name);

        s->failed = !name;
        if (name) {
            mtp_scope_set_column(&s->scope, name, value + 2 * l * n,
                                 value + (2 * l + 1) * n);
        }
    }
    return !s->failed;
}

/* The value of z that counts most. */
static double most_likely(const mtp_mixed *m, size_t i, size_t n, const double z[])
{
    double best = z[0], top = m->log_density(m, i, z[0]);

    for (size_t j = 1; j < n; j++) {
        double l = m->log_density(m, i, z[j]);

        best = l > top ? z[j] : best;
        top = l > top ? l : top;
    }
    return best;
}

void mtp_mixed_inner_show(const mtp_mixed *m, size_t i, size_t n, const double z[])
{
    double *room = MTP_ARENA_ARRAY(m->s->arena, MTP_NODES_MAX, double);

    if (!room) {
        m->s->failed = true;
        return;
    }
    mtp_solution_text(m->s, "The inner sum, at the value of z that counts most; those "
                            "at the other values are made in the same way.");
    (void)mtp_mixed_inner_lines(m, i, most_likely(m, i, n, z), room, true, NULL);
    mtp_solution_text(m->s, "The sum over all values of z.");
}

/* The law of a likelihood so small that its figures would be lost: that times
 * exp(shift). */
const mtp_law *mtp_mixed_shifted(const mtp_mixed *m, size_t i, const mtp_law *of,
                                 bool shown)
{
    mtp_solution *s = m->s;
    double shift = m->shift ? m->shift(m, i) : 0.0;
    mtp_law *law;

    if (!(shift > 0.0)) {
        return of;
    }
    law = mtp_arena_alloc(s->arena, 1, sizeof *law);
    if (!law) {
        s->failed = true;
        return of;
    }
    *law = *of;
    law->before[0].formula =
        mtp_arena_printf(s->arena, "%s + shift", law->before[0].formula);
    law->line[0].formula =
        mtp_arena_printf(s->arena, "%s - shift", law->line[0].formula);
    s->failed = s->failed || !law->before[0].formula || !law->line[0].formula;
    if (shown) {
        mtp_solution_text(s, "The likelihood is so small that it is worked times "
                             "exp(`shift`).");
    }
    mtp_law_give(s, "shift", shift, shown);
    return law;
}

bool mtp_mixed_study(const mtp_mixed *m, size_t i, bool shown,
                     mtp_figure line[MTP_LAW_LINES])
{
    mtp_solution *s = m->s;
    double *z = MTP_ARENA_ARRAY(s->arena, MTP_NODES_MAX, double), step;
    const mtp_law *law;
    size_t mark = s->scope.n, n;

    if (m->rule) {
        return mtp_mixed_hermite(m, i, shown, line);
    }
    if (!z) {
        s->failed = true;
        return false;
    }
    n = mtp_mixed_grid(m->log_density, m, i, PI / m->tau, &step, z);
    if (shown) {
        mtp_solution_heading(s, 3, "%s", m->label[i]);
    }
    mtp_mixed_give(m, i, shown);
    mtp_law_give(s, "delta", step, shown);
    law = mtp_mixed_shifted(m, i, m->law, shown);
    if (s->failed) {
        return false;
    }
    mtp_law_begin(s, law, shown);
    if (m->inner && !mtp_mixed_inner_columns(m, i, n, z)) {
        return false;
    }
    if (shown && m->inner) {
        mtp_mixed_inner_show(m, i, n, z);
    }
    if (shown) {
        mtp_law_show(s, law, n, z);
    } else {
        (void)mtp_law_evaluate(s, law, n, z, line);
    }
    s->scope.n = mark;
    return !s->failed;
}
