/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averages over all studies that sampling variances take in place of each study's own
 * figure. */
#include "explain/plan.h"
#include "explain/recipe.h"

#include <math.h>
#include <string.h>

enum { SYMBOLS = 8, COLUMNS = 16, AVERAGES = 2 };

/* What the table of sums is made of. */
typedef struct averaging {
    mtp_explain_work *work;
    const mtp_recipe *recipe;
    size_t k;
    const mtp_plan *plan; /* [k] */
    const mtp_study **study;
    size_t n_symbols;
    const char *symbol[SYMBOLS]; /* as the recipe has them */
    const char *name[SYMBOLS];   /* the same with corrections, if any study has some */
    size_t n;
    mtp_solution_column column[COLUMNS];
} averaging;

/* The studies whose effects are computed here. */
static bool collect(averaging *a)
{
    const mtp_bundle *b = a->work->bundle;
    mtp_arena *arena = a->work->s->arena;
    const char **label = MTP_ARENA_ARRAY(arena, b->n_studies, const char *);
    mtp_plan *plan = mtp_arena_zalloc(arena, b->n_studies, sizeof *plan);

    a->study = MTP_ARENA_ARRAY(arena, b->n_studies, const mtp_study *);
    if (!label || !plan || !a->study) {
        return false;
    }
    for (size_t i = 0; i < b->n_studies; i++) {
        mtp_plan *p = &plan[a->k];

        if (mtp_plan_is_ready(&b->studies[i])) {
            continue;
        }
        p->text = mtp_plan_text(a->work, &b->studies[i], p);
        if (!p->text) {
            return false;
        }
        mtp_plan_split(a->work, p);
        label[a->k] = mtp_solution_name(a->work->s, b->studies[i].name);
        a->study[a->k++] = &b->studies[i];
    }
    a->plan = plan;
    a->work->s->label = label;
    a->work->s->scope.k = a->k;
    return !a->work->s->failed;
}

static void add_symbols(averaging *a, const mtp_expr *e)
{
    size_t known = 0;

    if (e->kind == MTP_EXPR_SYMBOL) {
        while (known < a->n_symbols && strcmp(a->symbol[known], e->text) != 0) {
            known++;
        }
        if (known == a->n_symbols && a->n_symbols < SYMBOLS) {
            a->symbol[a->n_symbols++] = e->text;
        }
    }
    for (size_t i = 0; i < e->n; i++) {
        add_symbols(a, e->part[i]);
    }
}

/* "x_c" where a study makes it of x, else "x". */
static const char *corrected_name(const averaging *a, const char *symbol)
{
    const char *with = mtp_arena_printf(a->work->s->arena, "%s_c", symbol);

    for (size_t i = 0; with && i < a->k; i++) {
        if (mtp_plan_makes(a->plan[i].text, with)) {
            return with;
        }
    }
    return symbol;
}

/* What the lines of a study make of a symbol. */
static double value_of(const averaging *a, size_t i, size_t symbol)
{
    mtp_explain_work *work = a->work;
    mtp_scope *scope = &work->s->scope;
    const mtp_plan *p = &a->plan[i];
    size_t mark = scope->n;
    const mtp_quantity *q;
    double value;

    mtp_explain_set_raw(work, a->study[i]);
    for (size_t line = 0; line < p->n; line++) {
        double figure = mtp_explain_figure(work->bundle, a->study[i], p->name[line]);
        const mtp_expr *e =
            isnan(figure) ? mtp_expr_parse(work->s->arena, p->formula[line]) : NULL;
        mtp_figure f = {figure, 0.0};

        mtp_scope_set(scope, p->name[line],
                      e ? mtp_expr_value(e, scope, 0, MTP_EXACT) : f);
    }
    q = mtp_scope_find(scope, a->name[symbol]);
    q = q ? q : mtp_scope_find(scope, a->symbol[symbol]);
    value = q ? q->figure.value : (double)NAN;
    scope->n = mark;
    return value;
}

/* The formula of columns: "n * y" as "n_i * y_i". */
static const char *of_columns(const averaging *a, const char *formula)
{
    mtp_arena *arena = a->work->s->arena;

    for (size_t s = 0; formula && s < a->n_symbols; s++) {
        formula = mtp_plan_renamed(arena, formula, a->symbol[s],
                                   mtp_arena_printf(arena, "%s_i", a->name[s]));
    }
    return formula;
}

/* The next of "n; n * y"; NULL after the last. */
static const char *next_item(mtp_arena *arena, const char **at)
{
    size_t length = strcspn(*at, ";");
    const char *item = length > 0 ? mtp_arena_strndup(arena, *at, length) : NULL;

    *at += length;
    *at += strspn(*at, "; ");
    return item;
}

/* A column for each symbol, and one for each product that is summed. */
static void make_columns(averaging *a)
{
    mtp_arena *arena = a->work->s->arena;
    const char *at = a->recipe->sums, *item;

    while ((item = next_item(arena, &at)) != NULL) {
        const mtp_expr *e = mtp_expr_parse(arena, item);

        if (e) {
            add_symbols(a, e);
        }
    }
    for (size_t s = 0; s < a->n_symbols; s++) {
        double *values = MTP_ARENA_ARRAY(arena, a->k, double);

        a->name[s] = corrected_name(a, a->symbol[s]);
        for (size_t i = 0; values && i < a->k; i++) {
            values[i] = value_of(a, i, s);
        }
        a->column[a->n++] = (mtp_solution_column){
            .name = mtp_arena_printf(arena, "%s_i", a->name[s]), .values = values};
    }
    at = a->recipe->sums;
    while ((item = next_item(arena, &at)) != NULL && a->n < COLUMNS) {
        size_t s = 0;

        while (s < a->n_symbols && strcmp(a->symbol[s], item) != 0) {
            s++;
        }
        if (s < a->n_symbols) {
            a->column[s].total = true;
        } else {
            a->column[a->n++] =
                (mtp_solution_column){.formula = of_columns(a, item), .total = true};
        }
    }
}

/* "p_a = sum(x_i) / sum(n_i)" with the names of the columns. */
static const char *of_sums(const averaging *a, const char *formula)
{
    mtp_arena *arena = a->work->s->arena;

    for (size_t s = 0; formula && s < a->n_symbols; s++) {
        formula = mtp_plan_renamed(arena, formula,
                                   mtp_arena_printf(arena, "%s_i", a->symbol[s]),
                                   mtp_arena_printf(arena, "%s_i", a->name[s]));
    }
    return formula;
}

static void write_averages(averaging *a)
{
    mtp_solution *s = a->work->s;
    mtp_plan lines = {.text = of_sums(a, a->recipe->average)};
    double value[AVERAGES];
    size_t mark = s->scope.n;

    if (!lines.text) {
        s->failed = true;
        return;
    }
    mtp_plan_split(a->work, &lines);
    mtp_solution_heading(s, 3, "Averages over all studies");
    mtp_solution_text(s,
                      "The sampling variances take an average of all studies in place "
                      "of each study's own figure. The columns are as they are worked "
                      "below.");
    mtp_solution_table(s, a->n, a->column);
    for (size_t i = 0; i < lines.n && i < AVERAGES; i++) {
        value[i] = mtp_solution_line(s, lines.name[i], lines.formula[i], (double)NAN);
    }
    s->scope.n = mark;
    for (size_t i = 0; i < lines.n && i < AVERAGES; i++) {
        mtp_solution_know(s, lines.name[i], value[i]);
    }
}

void mtp_explain_averages(mtp_explain_work *work)
{
    const mtp_bundle *b = work->bundle;
    averaging a = {.work = work,
                   .recipe = mtp_recipe_of(b->measure->measure, b->vtype)};

    if (!a.recipe || !a.recipe->sums) {
        return;
    }
    if (!collect(&a)) {
        work->s->failed = true;
    } else if (a.k > 0) {
        make_columns(&a);
        write_averages(&a);
    }
}
