/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The between-study variance that subgroups share, where there are too many of them for
 * the columns of tau2_groups.c: the same in the sums of the subgroups, each around its
 * own mean. */
#include "explain/tau2_search.h"
#include "models/stratified.h"

#include <math.h>

/* All studies, subgroup by subgroup. */
typedef struct shared {
    mtp_explain_work *work;
    size_t k, groups;
    size_t *start;                  /* [groups + 1] */
    double *y, *v, *w, *m;          /* [k]; m: the mean of the study's subgroup */
    const char **label, **name;     /* [k], [groups] */
    double added;                   /* to the variances in the weights */
    const char *weight, *weight_is; /* the weights' name and formula */
} shared;

static bool make_room(shared *of, size_t n)
{
    mtp_arena *arena = of->work->s->arena;

    of->start = MTP_ARENA_ARRAY(arena, of->groups + 1, size_t);
    of->y = MTP_ARENA_ARRAY(arena, 4 * n, double);
    of->label = MTP_ARENA_ARRAY(arena, n, const char *);
    of->name = MTP_ARENA_ARRAY(arena, of->groups, const char *);
    of->v = of->y + n;
    of->w = of->y + 2 * n;
    of->m = of->y + 3 * n;
    of->work->s->failed =
        of->work->s->failed || !of->start || !of->y || !of->label || !of->name;
    return !of->work->s->failed;
}

static void read(shared *of)
{
    const mtp_pool_result *pool = of->work->bundle->pool;
    mtp_solution *s = of->work->s;

    for (size_t g = 0; g < of->groups && !s->failed; g++) {
        mtp_explain_set set;
        double top = 0.0, bottom = 0.0;

        of->start[g] = of->k;
        of->name[g] = mtp_solution_name(s, pool->group_name[g]);
        if (!mtp_explain_set_of(of->work, pool->group_name[g], &pool->groups[g],
                                &set)) {
            return;
        }
        for (size_t i = 0; i < set.k; i++) {
            double w = 1.0 / (set.v[i] + of->added);

            of->y[of->k] = set.y[i];
            of->v[of->k] = set.v[i];
            of->w[of->k] = w;
            of->label[of->k++] = s->label[i];
            top += w * set.y[i];
            bottom += w;
        }
        for (size_t i = of->start[g]; i < of->k; i++) {
            of->m[i] = top / bottom;
        }
    }
    of->start[of->groups] = of->k;
}

/* A formula with the weights' name for each #. */
static const char *with_weight(const shared *of, const char *formula)
{
    mtp_solution *s = of->work->s;
    const char *made;
    mtp_strbuf text;

    mtp_strbuf_init(&text);
    for (; *formula; formula++) {
        if (*formula == '#') {
            mtp_strbuf_add(&text, of->weight);
        } else {
            mtp_strbuf_add_bytes(&text, formula, 1);
        }
    }
    made = text.failed ? NULL : mtp_arena_strdup(s->arena, text.text);
    mtp_strbuf_free(&text);
    s->failed = s->failed || !made;
    return made ? made : "";
}

/* The sums of each subgroup, and what they make. */
static void group_tables(const shared *of)
{
    mtp_solution *s = of->work->s;
    const char *w = with_weight(of, "#_i");

    s->scope.start = of->start;
    s->scope.groups = of->groups;
    s->scope.k = of->k;
    s->label = of->label;
    s->group = of->name;
    mtp_solution_table(s, 5,
                       (const mtp_solution_column[]){
                           {.name = "y_i", .values = of->y},
                           {.name = "v_i", .values = of->v},
                           {.name = w, .formula = of->weight_is, .subtotal = true},
                           {.formula = with_weight(of, "#_i * y_i"), .subtotal = true},
                           {.formula = with_weight(of, "#_i^2"), .subtotal = true}});
    s->scope.k = of->groups;
    s->label = of->name;
    s->row_name = "subgroup";
    mtp_solution_table(
        s, 5,
        (const mtp_solution_column[]){
            {.name = "W_g", .formula = with_weight(of, "sum_g(#_i)"), .total = true},
            {.name = "T_g", .formula = with_weight(of, "sum_g(#_i * y_i)")},
            {.name = "U_g", .formula = with_weight(of, "sum_g(#_i^2)")},
            {.name = "m_g", .formula = "T_g / W_g"},
            {.name = "H_g", .formula = "U_g / W_g", .total = true}});
    (void)mtp_solution_line(s, "S_1", "sum(W_g)", (double)NAN);
    (void)mtp_solution_line(s, "S_2", "sum(H_g)", (double)NAN);
    s->scope.start = NULL;
    s->scope.groups = 0;
    s->group = NULL;
    s->row_name = NULL;
    s->scope.k = of->k;
    s->label = of->label;
}

/* Squares about the means of the subgroups, with the weights or their squares. */
static const char *residual_table(const shared *of, bool squared)
{
    mtp_solution *s = of->work->s;
    const char *square =
        with_weight(of, squared ? "#_i^2 * (y_i - m_i)^2" : "#_i * (y_i - m_i)^2");

    mtp_solution_table(
        s, 4,
        (const mtp_solution_column[]){{.name = "y_i", .values = of->y},
                                      {.name = with_weight(of, "#_i"), .values = of->w},
                                      {.name = "m_i", .values = of->m},
                                      {.formula = square, .total = true}});
    return with_weight(of, squared ? "sum(#_i^2 * (y_i - m_i)^2)"
                                   : "sum(#_i * (y_i - m_i)^2)");
}

static void degrees_of_freedom(const shared *of)
{
    mtp_solution *s = of->work->s;

    mtp_solution_given(s, "K", (double)of->k);
    mtp_solution_know(s, "K", (double)of->k);
    mtp_solution_given(s, "G", (double)of->groups);
    mtp_solution_know(s, "G", (double)of->groups);
    (void)mtp_solution_line(s, "df_W", "K - G", (double)NAN);
}

/* By weights without tau2. */
static void by_moments(shared *of, double tau2)
{
    mtp_solution *s = of->work->s;

    mtp_solution_text(s, "The subgroups share a `tau2`, by Q about the mean `m_g` of "
                         "each subgroup (`m_i` of its studies):");
    of->weight = "w";
    of->weight_is = "1 / v_i";
    read(of);
    if (s->failed) {
        return;
    }
    group_tables(of);
    (void)mtp_solution_line(s, "Q_W", residual_table(of, false), (double)NAN);
    degrees_of_freedom(of);
    (void)mtp_solution_line(s, "C_W", "S_1 - S_2", (double)NAN);
    (void)mtp_solution_line(s, "tau2", "max(0, (Q_W - df_W) / C_W)", tau2);
}

/* By an equation that tau2 solves. */
static void by_search(shared *of, mtp_tau2_method method, double tau2)
{
    mtp_solution *s = of->work->s;
    bool likelihood = method == MTP_TAU2_REML || method == MTP_TAU2_ML;
    const char *left;

    mtp_solution_text(
        s,
        "The subgroups share a `tau2`, %s, with the mean `m_g` of each subgroup (`m_i` "
        "of its studies). This is the equation that it solves:",
        method == MTP_TAU2_REML ? "at which the restricted likelihood of all of them "
                                  "is highest"
        : likelihood            ? "at which the likelihood of all of them is highest"
                                : "at which Q of all of them equals its degrees of "
                                  "freedom");
    mtp_solution_given(s, "tau2", tau2);
    mtp_solution_know(s, "tau2", tau2);
    of->added = tau2;
    of->weight = "ws";
    of->weight_is = "1 / (v_i + tau2)";
    read(of);
    if (s->failed) {
        return;
    }
    group_tables(of);
    left = residual_table(of, likelihood);
    if (!likelihood) {
        degrees_of_freedom(of);
    }
    mtp_explain_both_sides(s, "tau2", tau2, left,
                           method == MTP_TAU2_REML ? "S_1 - S_2"
                           : likelihood            ? "S_1"
                                                   : "df_W");
}

void mtp_explain_shared_tau2(mtp_explain_work *work, double tau2)
{
    const mtp_pool_options *options = &work->bundle->pool->options;
    mtp_solution *s = work->s;
    shared of = {.work = work, .groups = work->bundle->pool->n_groups};
    const char *const *label = s->label;
    size_t mark = s->scope.n, k = s->scope.k;
    bool plain = !options->weights && !mtp_method_is_stratified(options->method);

    if (work->shared || !make_room(&of, work->bundle->n_studies)) {
        mtp_solution_text(s, "The subgroups share a `tau2`, as above.");
        mtp_solution_given(s, "tau2", tau2);
        return;
    }
    switch (plain ? options->tau2 : MTP_TAU2_COUNT) {
    case MTP_TAU2_DL:
        by_moments(&of, tau2);
        break;
    case MTP_TAU2_REML:
    case MTP_TAU2_ML:
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
        by_search(&of, options->tau2, tau2);
        break;
    default:
        mtp_solution_text(s, "The subgroups share a `tau2`, which is that of the "
                             "regression on them as a factor, without intercept, and "
                             "taken as given.");
        mtp_solution_given(s, "tau2", tau2);
        break;
    }
    work->shared = plain;
    s->scope.n = mark;
    s->scope.k = k;
    s->label = label;
}
