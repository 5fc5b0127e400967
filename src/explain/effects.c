/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the raw data of the studies to effects and sampling variances. Studies that are
 * computed alike are worked together: one in full, all in a table of the same lines. */
#include "core/number.h"
#include "explain/plan.h"

#include <math.h>
#include <string.h>

/* What a zero-cell correction adds; pi. */
static const char *const constants[] = {"h", "pi"};

static void set_scalars(mtp_explain_work *work)
{
    const char *add = mtp_explain_option(work->bundle, "add");
    double h = work->bundle->measure->add;

    if (add) {
        (void)mtp_number_parse(add, strlen(add), &h);
    }
    mtp_solution_know(work->s, "h", h);
    mtp_solution_know(work->s, "pi", 3.14159265358979323846);
}

/* The values that the lines use: "x1 = 4". */
static void list_raw(mtp_explain_work *work, const mtp_plan *p, const mtp_study *study)
{
    const mtp_bundle *b = work->bundle;

    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !isnan(study->raw[r]) && mtp_plan_mentions(p->text, symbol) &&
            !mtp_plan_makes(p->text, symbol)) {
            mtp_solution_given(work->s, symbol, study->raw[r]);
        }
    }
    for (size_t c = 0; c < sizeof constants / sizeof *constants; c++) {
        if (mtp_plan_mentions(p->text, constants[c]) &&
            !mtp_plan_makes(p->text, constants[c])) {
            mtp_solution_given(
                work->s, constants[c],
                mtp_scope_find(&work->s->scope, constants[c])->figure.value);
        }
    }
    if (!p->y) {
        mtp_solution_given(work->s, "y", study->yi);
    }
    if (!p->v) {
        mtp_solution_given(work->s, "v", study->vi);
    }
}

static bool is_searched(const mtp_plan *p, size_t line)
{
    return strcmp(p->formula[line], "?") == 0;
}

static void work_study(mtp_explain_work *work, const mtp_plan *p,
                       const mtp_study *study)
{
    size_t mark = work->s->scope.n;

    mtp_solution_heading(work->s, 3, "%s", mtp_solution_name(work->s, study->name));
    mtp_explain_set_raw(work, study);
    list_raw(work, p, study);
    for (size_t i = 0; i < p->n; i++) {
        double figure = mtp_explain_figure(work->bundle, study, p->name[i]);

        if (is_searched(p, i)) {
            mtp_solution_given(work->s, p->name[i], figure);
        } else {
            (void)mtp_solution_line(work->s, p->name[i], p->formula[i], figure);
        }
    }
    work->s->scope.n = mark;
}

/* A formula of one study as that of a column: every name but constants gets "_i". */
static const char *of_column(mtp_explain_work *work, const mtp_plan *p,
                             const char *formula)
{
    const mtp_bundle *b = work->bundle;
    const char *text = formula;

    for (size_t r = 0; text && r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !mtp_plan_makes(p->text, symbol)) {
            text = mtp_plan_renamed(work->s->arena, text, symbol,
                                    mtp_arena_printf(work->s->arena, "%s_i", symbol));
        }
    }
    for (size_t i = 0; text && i < p->n; i++) {
        if (strcmp(p->name[i], "z_in") != 0) {
            text =
                mtp_plan_renamed(work->s->arena, text, p->name[i],
                                 mtp_arena_printf(work->s->arena, "%s_i", p->name[i]));
        }
    }
    if (text && !p->y) {
        text = mtp_plan_renamed(work->s->arena, text, "y", "y_i");
    }
    return text ? text : formula;
}

typedef struct row_set {
    size_t k;
    const mtp_study **study;
} row_set;

static const double *raw_values(mtp_explain_work *work, const row_set *rows, size_t r)
{
    double *values = MTP_ARENA_ARRAY(work->s->arena, rows->k, double);

    for (size_t i = 0; values && i < rows->k; i++) {
        values[i] = rows->study[i]->raw[r];
    }
    return values;
}

static const double *figures(mtp_explain_work *work, const row_set *rows,
                             const char *name)
{
    double *values = MTP_ARENA_ARRAY(work->s->arena, rows->k, double);

    for (size_t i = 0; values && i < rows->k; i++) {
        values[i] = mtp_explain_figure(work->bundle, rows->study[i], name);
    }
    return values && isnan(values[0]) ? NULL : values;
}

/* The columns: raw data that the lines use, then a column a line, with its formula
 * where no study has shown it. */
static size_t make_columns(mtp_explain_work *work, const mtp_plan *p,
                           const row_set *rows, bool shown,
                           mtp_solution_column column[])
{
    const mtp_bundle *b = work->bundle;
    mtp_arena *arena = work->s->arena;
    size_t n = 0;

    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !isnan(rows->study[0]->raw[r]) &&
            mtp_plan_mentions(p->text, symbol) && !mtp_plan_makes(p->text, symbol) &&
            strcmp(symbol, "y") != 0) {
            column[n++] =
                (mtp_solution_column){.name = mtp_arena_printf(arena, "%s_i", symbol),
                                      .values = raw_values(work, rows, r)};
        }
    }
    if (!p->y) {
        column[n++] =
            (mtp_solution_column){.name = "y_i", .values = figures(work, rows, "y")};
    }
    for (size_t i = 0; i < p->n; i++) {
        if (strcmp(p->name[i], "z_in") != 0) {
            column[n++] = (mtp_solution_column){
                .name = mtp_arena_printf(arena, "%s_i", p->name[i]),
                .formula = is_searched(p, i) ? NULL : of_column(work, p, p->formula[i]),
                .values = figures(work, rows, p->name[i]),
                .brief = shown};
        }
    }
    if (!p->v) {
        column[n++] =
            (mtp_solution_column){.name = "v_i", .values = figures(work, rows, "v")};
    }
    return n;
}

static void tabulate(mtp_explain_work *work, const mtp_plan *p, const row_set *rows,
                     bool shown)
{
    enum { WIDTH = 2 * MTP_PLAN_LINES };
    mtp_solution_column column[WIDTH];
    mtp_solution *s = work->s;
    const char **label = MTP_ARENA_ARRAY(s->arena, rows->k, const char *);
    size_t mark = s->scope.n;

    if (!label) {
        s->failed = true;
        return;
    }
    for (size_t i = 0; i < rows->k; i++) {
        label[i] = mtp_solution_name(s, rows->study[i]->name);
    }
    s->scope.k = rows->k;
    s->label = label;
    for (size_t i = 0; i < p->n; i++) {
        if (strcmp(p->name[i], "z_in") == 0) {
            const mtp_expr *e = mtp_expr_parse(s->arena, p->formula[i]);

            if (e) {
                mtp_scope_set(&s->scope, "z_in",
                              mtp_expr_value(e, &s->scope, 0, MTP_EXACT));
            }
        }
    }
    mtp_solution_table(s, make_columns(work, p, rows, shown, column), column);
    s->scope.n = mark;
}

bool mtp_explain_is_chosen(const mtp_explain_work *work, const char *name)
{
    for (const char *const *at = work->chosen; at && *at; at++) {
        if (strcmp(*at, name) == 0) {
            return true;
        }
    }
    return false;
}

static void say_foreign(mtp_explain_work *work, const mtp_plan *p,
                        const mtp_study *study)
{
    const mtp_measure_info *m = work->bundle->measure;

    if (p->foreign) {
        mtp_solution_text(work->s, "Taken as the analysis has it: %s.", study->origin);
    }
    if ((!p->y || !p->v) && m->input != MTP_INPUT_GENERIC &&
        m->input != MTP_INPUT_RATIO && !mtp_plan_is_ready(study)) {
        mtp_solution_text(
            work->s,
            "%s of %s %s not worked by hand here. Its definition: y = %s; "
            "v = %s%s%s.",
            p->y   ? "The sampling variance"
            : p->v ? "The effect"
                   : "Effect and sampling variance",
            m->code, !p->y && !p->v ? "are" : "is", m->yi, m->vi,
            work->bundle->vtype != MTP_VTYPE_LS ? ", by " : "",
            work->bundle->vtype != MTP_VTYPE_LS ? mtp_vtype_label(work->bundle->vtype)
                                                : "");
    }
}

/* What functions of the lines are that a calculator does not have. */
static void say_functions(mtp_explain_work *work, const char *lines)
{
    static const char *const known[][2] = {
        {"J(", "`J(f)` is Hedges's correction for small samples: the gamma "
               "function at f / 2, divided by the square root of f / 2 and by the "
               "gamma function at (f - 1) / 2; nearly `1 - 3 / (4 * f - 1)`."},
        {"hyp(", "`hyp(a, b, c, x)` is Gauss's hypergeometric series, `1 + a * b / c * "
                 "x + a * (a + 1) * b * (b + 1) / (c * (c + 1)) * x^2 / 2` and on, "
                 "each term the one before by `(a + j) * (b + j) / (c + j) * x / (j + "
                 "1)`, j = 0, 1, 2 and on."},
        {"Phi2(",
         "`r` is the correlation of the bivariate normal distribution which, cut at "
         "`z_1` and `z_2`, has the shares of the table in its quarters: the one at "
         "which "
         "the share of cell a, `L`, is the probability `R` below both, `Phi2(z_1, z_2, "
         "r)`. It is found by search, and checked by `L` and `R`, which agree. Its "
         "variance follows by the delta method; `g` is the density at `z_1` and "
         "`z_2`."},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *at = strstr(lines, known[i][0]);

        if (at && (at == lines || at[-1] == ' ')) {
            mtp_solution_text(work->s, "%s", known[i][1]);
        }
    }
}

/* The studies from `first` on that are made by the same lines. */
static void work_alike(mtp_explain_work *work, const char *const text[], size_t first)
{
    const mtp_bundle *b = work->bundle;
    mtp_plan p = {.text = NULL};
    row_set rows = {0,
                    MTP_ARENA_ARRAY(work->s->arena, b->n_studies, const mtp_study *)};
    bool any = false;

    p.text = mtp_plan_text(work, &b->studies[first], &p);
    if (!p.text || !rows.study) {
        work->s->failed = true;
        return;
    }
    mtp_plan_split(work, &p);
    for (size_t i = first; i < b->n_studies; i++) {
        if (text[i] && strcmp(text[i], text[first]) == 0) {
            rows.study[rows.k++] = &b->studies[i];
            any = any || mtp_explain_is_chosen(work, b->studies[i].name);
        }
    }
    say_foreign(work, &p, rows.study[0]);
    say_functions(work, p.text);
    for (size_t i = 0; i < rows.k && p.n > 0; i++) {
        if (work->all || mtp_explain_is_chosen(work, rows.study[i]->name) ||
            (i == 0 && !work->chosen)) {
            work_study(work, &p, rows.study[i]);
        }
    }
    if (rows.k > 1 || p.n == 0 || (work->chosen && !any && !work->all)) {
        mtp_solution_heading(work->s, 3, "%s%s",
                             rows.k == b->n_studies ? "All studies" : "Studies",
                             p.n > 0 ? " by these lines" : ", as given");
        tabulate(work, &p, &rows, any || work->all || !work->chosen);
    }
}

void mtp_explain_effects(mtp_explain_work *work)
{
    const mtp_bundle *b = work->bundle;
    const char **text = MTP_ARENA_ARRAY(work->s->arena, b->n_studies, const char *);
    size_t mark = work->s->scope.n;

    if (!text) {
        work->s->failed = true;
        return;
    }
    mtp_explain_section(work, "Effects of the studies");
    mtp_explain_say_effects(work);
    set_scalars(work);
    mtp_explain_averages(work);
    for (size_t i = 0; i < b->n_studies; i++) {
        mtp_plan p = {.text = NULL};

        text[i] = mtp_plan_text(work, &b->studies[i], &p);
        work->s->failed = work->s->failed || !text[i];
    }
    for (size_t i = 0; i < b->n_studies && !work->s->failed; i++) {
        bool done = false;

        for (size_t j = 0; j < i && !done; j++) {
            done = strcmp(text[i], text[j]) == 0;
        }
        if (!done) {
            work_alike(work, text, i);
        }
    }
    work->s->scope.n = mark;
}
