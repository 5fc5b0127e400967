/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A study's likelihood by adaptive Gauss-Hermite quadrature: a sum over nodes that lie
 * about where the integrand is highest, as wide as it is there. */
#include "explain/mixed.h"
#include "num/quadrature.h"

#include <math.h>
#include <string.h>

bool mtp_mixed_rule_make(mtp_mixed *m)
{
    double x[MTP_HERMITE_MAX], w[MTP_HERMITE_MAX], log_w[MTP_HERMITE_MAX];
    mtp_arena *arena = m->s->arena;
    mtp_mixed_rule *rule;
    double *room;
    size_t n;

    if (m->fit->nodes <= 0) {
        return true;
    }
    n = (size_t)m->fit->nodes;
    rule = MTP_ARENA_NEW(arena, mtp_mixed_rule);
    room = MTP_ARENA_ARRAY(arena, 3 * n, double);
    if (!rule || !room) {
        m->s->failed = true;
        return false;
    }
    mtp_gauss_hermite(m->fit->nodes, x, w, log_w);
    for (size_t j = 0; j < n; j++) {
        room[j] = x[j];
        room[n + j] = w[j];
        room[2 * n + j] = exp(log_w[j]);
    }
    *rule = (mtp_mixed_rule){n, room, room + n, room + 2 * n};
    m->rule = rule;
    m->slopes = 0;
    return true;
}

static const char *name_of(mtp_solution *s, const char *column, const char *end)
{
    const char *name =
        mtp_arena_printf(s->arena, "%.*s%s", (int)strlen(column) - 2, column, end);

    s->failed = s->failed || !name;
    return name ? name : column;
}

void mtp_mixed_rule_show(const mtp_mixed *m)
{
    const mtp_mixed_rule *rule = m->rule;
    mtp_solution *s = m->s;
    const char *const *kept = s->label;
    const char **label;
    size_t k = s->scope.k;

    if (mtp_scope_find(&s->scope, "node_i")) {
        return;
    }
    label = mtp_solution_numbers(s, rule->n);
    if (s->failed) {
        return;
    }
    mtp_solution_text(
        s,
        "A study's likelihood is the integral of f, the likelihood of its counts at a "
        "random effect times the normal density phi, here a sum by adaptive "
        "Gauss-Hermite quadrature: its values lie about where f is highest, which is "
        "found by search (an R made of the derivative is that value itself), as wide "
        "as f is there by its second derivative. `node_i` and `w_i` are the nodes and "
        "weights of the rule for the weight function exp(-x^2); `q_i` is w_i without "
        "it.");
    s->scope.k = rule->n;
    s->label = label;
    s->row_name = "node";
    mtp_solution_table(
        s, 3,
        (const mtp_solution_column[]){
            {.name = "node_i", .values = rule->node},
            {.name = "w_i", .values = rule->weight, .total = true},
            {.name = "q_i", .formula = "w_i * exp(node_i^2)", .values = rule->q}});
    s->row_name = NULL;
    s->label = kept;
    s->scope.k = k;
}

/* The law by nodes: the columns to the integrand, at z_0 + sqrt(2) s_0 node. */
static const mtp_law *law_of(const mtp_mixed *m)
{
    mtp_solution *s = m->s;
    const mtp_law *of = m->law;
    const char *from = name_of(s, of->over, "_0");
    mtp_law *law;
    size_t n = 0;

    if (m->rule_law) {
        return m->rule_law;
    }
    law = mtp_arena_zalloc(s->arena, 1, sizeof *law);
    if (!law) {
        s->failed = true;
        return of;
    }
    law->over = "node_i";
    memcpy(law->before, of->before, sizeof law->before);
    memcpy(law->mode, of->mode, sizeof law->mode);
    law->table[0][n++].name = "node_i";
    law->table[0][n++].name = "q_i";
    law->table[0][n++] = (mtp_solution_column){
        .name = of->over,
        .formula = mtp_arena_printf(s->arena, "%s + sqrt(2) * s_0 * node_i", from)};
    for (size_t c = 1; !(law->table[0][n - 1].name[0] == 'f'); c++) {
        law->table[0][n] = of->table[0][c];
        law->table[0][n++].total = false;
    }
    law->table[0][n] = (mtp_solution_column){.formula = "q_i * f_i", .total = true};
    law->line[0] = (mtp_law_line){"ell", "ln(sqrt(2) * s_0 * sum(q_i * f_i))"};
    s->failed = s->failed || !law->table[0][2].formula;
    return law;
}

/* The lines of the mode at (v and) z, quietly; what the inner law has there. */
static void look_at(const mtp_mixed *m, size_t i, const mtp_law *law, const char *name,
                    const double at[2])
{
    mtp_solution *s = m->s;

    mtp_law_give(s, name, at[0], false);
    if (m->pair) {
        mtp_law_give(s, "v_0", at[1], false);
    } else if (m->inner) {
        mtp_mixed plain = *m;
        double *room = MTP_ARENA_ARRAY(s->arena, MTP_NODES_MAX, double);
        mtp_figure line[MTP_LAW_LINES];

        plain.fixed = NULL;
        if (!room || !mtp_mixed_inner_lines(&plain, i, at[0], room, false, line)) {
            s->failed = true;
            return;
        }
        for (size_t l = 0; m->inner->line[l].name; l++) {
            mtp_scope_set(&s->scope, m->inner->line[l].name, line[l]);
        }
    }
    for (size_t l = 0; law->mode[l].name && !s->failed; l++) {
        mtp_scope_set(&s->scope, law->mode[l].name,
                      mtp_law_value(s, law->mode[l].formula));
    }
}

static double known(const mtp_solution *s, const char *name)
{
    const mtp_quantity *q = mtp_scope_find(&s->scope, name);

    return q ? q->figure.value : 0.0;
}

/* From near the mode to it by Newton's method. */
static void find_mode(const mtp_mixed *m, size_t i, const mtp_law *law,
                      const char *name, double at[2])
{
    enum { ROUNDS = 12 };
    mtp_solution *s = m->s;

    at[0] = mtp_mixed_highest(m->log_density, m, i);
    if (m->pair) {
        mtp_mixed level = *m;

        level.mu = m->mu + m->tau * at[0];
        at[1] = mtp_mixed_highest(m->log_inner, &level, i);
    }
    for (int round = 0; round < ROUNDS && !s->failed; round++) {
        mtp_arena_mark room = mtp_arena_save(s->arena);
        size_t mark = s->scope.n, capacity = s->scope.capacity;

        look_at(m, i, law, name, at);
        if (m->pair) {
            double a = known(s, "h_11"), b = known(s, "h_21"), c = known(s, "h_22");
            double r = known(s, "R_v") - at[1], t = known(s, "R_z") - at[0];
            double determinant = a * c - b * b;

            at[1] += (c * r - b * t) / determinant;
            at[0] += (a * t - b * r) / determinant;
        } else {
            double width = known(s, "s_0");

            at[0] += (known(s, "R_0") - at[0]) * width * width;
        }
        s->scope.n = mark;
        if (s->scope.capacity == capacity) { /* nothing that is kept was made */
            mtp_arena_release(s->arena, room);
        }
    }
}

/* The mode and its lines: R is what it was found to be. */
static void tell_mode(const mtp_mixed *m, size_t i, const mtp_law *law,
                      const char *name, const double at[2], bool shown)
{
    mtp_solution *s = m->s;

    if (!shown) {
        look_at(m, i, law, name, at);
        return;
    }
    mtp_law_give(s, name, at[0], true);
    if (m->pair) {
        mtp_law_give(s, "v_0", at[1], true);
    } else if (m->inner) {
        double *room = MTP_ARENA_ARRAY(s->arena, MTP_NODES_MAX, double);
        size_t mark = s->scope.n;

        mtp_solution_text(s, "The inner sum at `z_0`; those at the other values of z "
                             "are made in the same way.");
        if (!room) {
            s->failed = true;
            return;
        }
        (void)mtp_mixed_inner_lines(m, i, at[0], room, true, NULL);
        s->scope.n = mark;
        look_at(m, i, law, name, at);
    }
    for (size_t l = 0; law->mode[l].name; l++) {
        const mtp_law_line *line = &law->mode[l];
        bool found = line->name[0] == 'R';

        (void)mtp_solution_line(s, line->name, line->formula,
                                !found ? (double)NAN
                                       : at[strcmp(line->name, "R_v") == 0]);
    }
}

static const double *values_of(const mtp_mixed *m, const mtp_solution_column *column)
{
    mtp_solution *s = m->s;
    size_t k = s->scope.k;
    bool good;

    s->scope.k = m->rule->n;
    mtp_scope_set_column(&s->scope, "node_i", m->rule->node, NULL);
    good = mtp_law_fill(s, m->rule->n, column);
    s->scope.k = k;
    return good ? mtp_scope_find(&s->scope, column->name)->column : NULL;
}

bool mtp_mixed_hermite(const mtp_mixed *m, size_t i, bool shown,
                       mtp_figure line[MTP_LAW_LINES])
{
    mtp_solution *s = m->s;
    size_t mark = s->scope.n;
    const mtp_law *law = law_of(m);
    const char *name = m->pair ? "z_0" : name_of(s, m->law->over, "_0");
    double at[2] = {0.0, 0.0};
    const double *z;

    if (shown) {
        mtp_solution_heading(s, 3, "%s", m->label[i]);
    }
    mtp_mixed_give(m, i, shown);
    law = mtp_mixed_shifted(m, i, law, shown);
    if (s->failed) {
        return false;
    }
    mtp_law_begin(s, law, shown);
    mtp_scope_set_column(&s->scope, "q_i", m->rule->q, NULL);
    find_mode(m, i, law, name, at);
    tell_mode(m, i, law, name, at, shown);
    if (m->inner) {
        z = values_of(m, &law->table[0][2]);
        if (!z || !mtp_mixed_inner_columns(m, i, m->rule->n, z)) {
            return false;
        }
        if (shown && m->pair) {
            mtp_mixed_inner_show(m, i, m->rule->n, z);
        }
    }
    if (shown) {
        mtp_law_show(s, law, m->rule->n, m->rule->node);
    } else {
        (void)mtp_law_evaluate(s, law, m->rule->n, m->rule->node, line);
    }
    s->scope.n = mark;
    return !s->failed;
}
