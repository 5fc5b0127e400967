/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the raw data of the studies to effects and sampling variances. Studies that are
 * computed alike are worked together: one in full, all in a table of the same lines. */
#include "core/number.h"
#include "explain/work.h"

#include <math.h>
#include <string.h>

enum { LINES_MAX = 40 };

/* How a study's figures are made, line by line. */
typedef struct plan {
    const char *text; /* "name = formula; ..."; what makes plans alike */
    size_t n;
    const char *name[LINES_MAX], *formula[LINES_MAX];
    bool y, v;    /* they are made by it */
    bool foreign; /* some of what it needs is made in a way that is not shown */
} plan;

static const char *join(mtp_arena *arena, const char *before, const char *after)
{
    return !before || !after ? NULL
                             : mtp_arena_printf(arena, "%s%s%s", before,
                                                *before && *after ? "; " : "", after);
}

/* "sei from ci-lower, ci-upper; vi from sei" as lines. */
static const char *derivations(mtp_explain_work *work, const char *origin, plan *p)
{
    mtp_arena *arena = work->s->arena;
    const char *lines = "";

    for (const char *at = origin; at && lines && *at;) {
        size_t length = strcspn(at, ";");
        const char *from = strstr(at, " from ");
        const char *made;

        if (!from || from >= at + length) {
            return lines; /* "yi and vi as given" */
        }
        made = mtp_explain_derivation(
            arena, mtp_arena_strndup(arena, at, (size_t)(from - at)),
            mtp_arena_strndup(arena, from + 6, (size_t)(at + length - from - 6)));
        p->foreign = p->foreign || !made;
        lines = made ? join(arena, lines, made) : lines;
        at += length;
        at += strspn(at, "; ");
    }
    return lines;
}

static bool has_symbol(const char *lines, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = strstr(lines, name); at; at = strstr(at + 1, name)) {
        if ((at == lines || at[-1] == ' ') && strncmp(at + length, " = ", 3) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_name_part(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.';
}

/* The text with `to` in place of a name that stands for a number. */
static const char *renamed(mtp_arena *arena, const char *text, const char *from,
                           const char *to)
{
    size_t length = strlen(from);
    mtp_strbuf out;
    const char *made;

    if (!text || !to) {
        return NULL;
    }
    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "");
    for (const char *at = text; *at;) {
        bool starts = at == text || !is_name_part(at[-1]);

        if (starts && strncmp(at, from, length) == 0 && !is_name_part(at[length]) &&
            at[length] != '(') {
            mtp_strbuf_add(&out, to);
            at += length;
        } else {
            mtp_strbuf_add_char(&out, *at++);
        }
    }
    made = out.failed ? NULL : mtp_arena_strdup(arena, out.text);
    mtp_strbuf_free(&out);
    return made;
}

/* A correction of empty cells: x becomes x_c, of counts of n in one group n too. */
static const char *corrected(mtp_explain_work *work, const char *lines)
{
    mtp_arena *arena = work->s->arena;
    mtp_input_kind input = work->bundle->measure->input;
    const char *add = mtp_explain_option(work->bundle, "add");
    bool tacc = add && strcmp(add, "tacc") == 0;
    const char *first = tacc ? "h_1" : "h", *second = tacc ? "h_2" : "h";

    switch (input) {
    case MTP_INPUT_EVENTS_N:
        lines = renamed(arena, lines, "x", "x_c");
        lines = lines ? renamed(arena, lines, "n", "n_c") : NULL;
        return join(arena, "x_c = x + h; n_c = n + 2 * h", lines);
    case MTP_INPUT_EVENTS_TIME:
        return join(arena, "x_c = x + h", renamed(arena, lines, "x", "x_c"));
    case MTP_INPUT_TWO_EVENTS_N:
        return join(arena,
                    mtp_arena_printf(arena,
                                     "%sa = x1 + %s; b = n1 - x1 + %s; c = x2 + %s; "
                                     "d = n2 - x2 + %s",
                                     tacc ? "h_1 = n1 / (n1 + n2); "
                                            "h_2 = n2 / (n1 + n2); "
                                          : "",
                                     first, first, second, second),
                    lines + strlen(MTP_EXPLAIN_CELLS));
    case MTP_INPUT_TWO_EVENTS_TIME:
        lines = renamed(arena, lines, "x1", "x1_c");
        lines = lines ? renamed(arena, lines, "x2", "x2_c") : NULL;
        return join(arena,
                    mtp_arena_printf(arena, "%sx1_c = x1 + %s; x2_c = x2 + %s",
                                     tacc ? "h_1 = t1 / (t1 + t2); "
                                            "h_2 = t2 / (t1 + t2); "
                                          : "",
                                     first, second),
                    lines);
    case MTP_INPUT_PAIRED_CELLS:
        for (const char *cell = "abcd"; *cell && lines; cell++) {
            const char from[] = {*cell, '\0'}, to[] = {*cell, '_', 'c', '\0'};

            lines = renamed(arena, lines, from, to);
        }
        return join(arena, "a_c = a + h; b_c = b + h; c_c = c + h; d_c = d + h", lines);
    default:
        return NULL;
    }
}

/* t of two means in place of the means: d is there, the lines before it are not. */
static const char *from_d(const char *lines)
{
    const char *d = strstr(lines, "d = (m1 - m2) / s_p; ");

    return d ? d + strlen("d = (m1 - m2) / s_p; ") : NULL;
}

static bool is_ready(const mtp_study *study)
{
    return study->origin && (strstr(study->origin, "yi and vi as given") ||
                             strstr(study->origin, "vi from "));
}

static const char *plan_text(mtp_explain_work *work, const mtp_study *study, plan *p)
{
    mtp_arena *arena = work->s->arena;
    const char *lines = derivations(work, study->origin, p);
    const char *recipe = mtp_explain_recipe(work->bundle);

    if (lines && strstr(lines, "z_in")) {
        const char *level = mtp_explain_option(work->bundle, "input-level");
        double percent = 95.0;

        (void)mtp_number_parse(level ? level : "95", strlen(level ? level : "95"),
                               &percent);
        lines = join(arena,
                     mtp_arena_printf(arena, "z_in = z(%s)",
                                      mtp_number_brief(0.5 + percent / 200.0, 15).text),
                     lines);
    }
    if (lines && !recipe && study->origin &&
        strstr(study->origin, "events1 from cell-a")) {
        return "";
    }
    if (is_ready(study) || work->bundle->measure->input == MTP_INPUT_GENERIC ||
        work->bundle->measure->input == MTP_INPUT_RATIO || !recipe) {
        return lines;
    }
    if (study->origin && strstr(study->origin, "events1 from cell-a")) {
        /* Cells that are given are not made of what is made of them. */
        lines = "";
        recipe += study->corrected ? 0 : strlen(MTP_EXPLAIN_CELLS);
    }
    if (study->origin && strstr(study->origin, "yi from stat")) {
        recipe = from_d(recipe);
    } else if (study->corrected) {
        recipe = corrected(work, recipe);
    }
    return recipe ? join(arena, lines, recipe) : lines;
}

/* Take the lines apart. */
static void split_plan(mtp_explain_work *work, plan *p)
{
    mtp_arena *arena = work->s->arena;

    for (const char *at = p->text; *at && p->n < LINES_MAX;) {
        size_t length = strcspn(at, ";");
        const char *equals = strstr(at, " = ");

        p->name[p->n] = mtp_arena_strndup(arena, at, (size_t)(equals - at));
        p->formula[p->n] =
            mtp_arena_strndup(arena, equals + 3, (size_t)(at + length - equals - 3));
        if (!p->name[p->n] || !p->formula[p->n]) {
            work->s->failed = true;
            return;
        }
        p->n++;
        at += length;
        at += strspn(at, "; ");
    }
    p->y = has_symbol(p->text, "y");
    p->v = has_symbol(p->text, "v");
}

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

/* The raw data of a study into the scope. */
static void set_raw(mtp_explain_work *work, const mtp_study *study)
{
    const mtp_bundle *b = work->bundle;

    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !isnan(study->raw[r])) {
            mtp_solution_know(work->s, symbol, study->raw[r]);
        }
    }
}

/* Whether the lines mention a symbol. */
static bool mentions(const char *text, const char *symbol)
{
    size_t length = strlen(symbol);

    for (const char *at = strstr(text, symbol); at; at = strstr(at + 1, symbol)) {
        if ((at == text || !is_name_part(at[-1])) && !is_name_part(at[length]) &&
            at[length] != '(') {
            return true;
        }
    }
    return false;
}

/* The values that the lines use: "x1 = 4". */
static void list_raw(mtp_explain_work *work, const plan *p, const mtp_study *study)
{
    const mtp_bundle *b = work->bundle;

    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !isnan(study->raw[r]) && mentions(p->text, symbol) &&
            !has_symbol(p->text, symbol)) {
            mtp_solution_given(work->s, symbol, study->raw[r]);
        }
    }
    for (size_t c = 0; c < sizeof constants / sizeof *constants; c++) {
        if (mentions(p->text, constants[c]) && !has_symbol(p->text, constants[c])) {
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

/* What the analysis has for a line; NaN: nothing. */
static double figure_of(const mtp_bundle *b, const mtp_study *study, const char *name)
{
    if (strcmp(name, "y") == 0) {
        return study->yi;
    }
    if (strcmp(name, "v") == 0) {
        return study->vi;
    }
    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && strcmp(symbol, name) == 0 && r < b->n_columns) {
            return study->raw[r];
        }
    }
    return (double)NAN;
}

static void work_study(mtp_explain_work *work, const plan *p, const mtp_study *study)
{
    size_t mark = work->s->scope.n;

    mtp_solution_heading(work->s, 3, "%s", mtp_solution_name(work->s, study->name));
    set_raw(work, study);
    list_raw(work, p, study);
    for (size_t i = 0; i < p->n; i++) {
        (void)mtp_solution_line(work->s, p->name[i], p->formula[i],
                                figure_of(work->bundle, study, p->name[i]));
    }
    work->s->scope.n = mark;
}

/* A formula of one study as that of a column: every name but constants gets "_i". */
static const char *of_column(mtp_explain_work *work, const plan *p, const char *formula)
{
    const mtp_bundle *b = work->bundle;
    const char *text = formula;

    for (size_t r = 0; text && r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !has_symbol(p->text, symbol)) {
            text = renamed(work->s->arena, text, symbol,
                           mtp_arena_printf(work->s->arena, "%s_i", symbol));
        }
    }
    for (size_t i = 0; text && i < p->n; i++) {
        if (strcmp(p->name[i], "z_in") != 0) {
            text = renamed(work->s->arena, text, p->name[i],
                           mtp_arena_printf(work->s->arena, "%s_i", p->name[i]));
        }
    }
    if (text && !p->y) {
        text = renamed(work->s->arena, text, "y", "y_i");
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
        values[i] = figure_of(work->bundle, rows->study[i], name);
    }
    return values && isnan(values[0]) ? NULL : values;
}

/* The columns: raw data that the lines use, then a column a line, with its formula
 * where no study has shown it. */
static size_t make_columns(mtp_explain_work *work, const plan *p, const row_set *rows,
                           bool shown, mtp_solution_column column[])
{
    const mtp_bundle *b = work->bundle;
    mtp_arena *arena = work->s->arena;
    size_t n = 0;

    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !isnan(rows->study[0]->raw[r]) && mentions(p->text, symbol) &&
            !has_symbol(p->text, symbol) && strcmp(symbol, "y") != 0) {
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
                .formula = of_column(work, p, p->formula[i]),
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

static void tabulate(mtp_explain_work *work, const plan *p, const row_set *rows,
                     bool shown)
{
    enum { WIDTH = 2 * LINES_MAX };
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

static bool is_chosen(const mtp_explain_work *work, const char *name)
{
    for (const char *const *at = work->chosen; at && *at; at++) {
        if (strcmp(*at, name) == 0) {
            return true;
        }
    }
    return false;
}

static void say_foreign(mtp_explain_work *work, const plan *p, const mtp_study *study)
{
    const mtp_measure_info *m = work->bundle->measure;

    if (p->foreign) {
        mtp_solution_text(work->s, "Taken as the analysis has it: %s.", study->origin);
    }
    if ((!p->y || !p->v) && m->input != MTP_INPUT_GENERIC &&
        m->input != MTP_INPUT_RATIO && !is_ready(study)) {
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

/* The studies from `first` on that are made by the same lines. */
static void work_alike(mtp_explain_work *work, const char *const text[], size_t first)
{
    const mtp_bundle *b = work->bundle;
    plan p = {.text = NULL};
    row_set rows = {0,
                    MTP_ARENA_ARRAY(work->s->arena, b->n_studies, const mtp_study *)};
    bool any = false;

    p.text = plan_text(work, &b->studies[first], &p);
    if (!p.text || !rows.study) {
        work->s->failed = true;
        return;
    }
    split_plan(work, &p);
    for (size_t i = first; i < b->n_studies; i++) {
        if (text[i] && strcmp(text[i], text[first]) == 0) {
            rows.study[rows.k++] = &b->studies[i];
            any = any || is_chosen(work, b->studies[i].name);
        }
    }
    say_foreign(work, &p, rows.study[0]);
    for (size_t i = 0; i < rows.k && p.n > 0; i++) {
        if (work->all || is_chosen(work, rows.study[i]->name) ||
            (i == 0 && !work->chosen)) {
            work_study(work, &p, rows.study[i]);
        }
    }
    if (rows.k > 1 || p.n == 0 || (work->chosen && !any && !work->all)) {
        mtp_solution_heading(work->s, 3, "%s",
                             rows.k == b->n_studies ? "All studies by these lines"
                                                    : "Studies by these lines");
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
    mtp_solution_text(work->s,
                      "`y` is the effect (%s, %s scale), `v` its sampling variance.",
                      b->measure->name, b->measure->scale);
    set_scalars(work);
    for (size_t i = 0; i < b->n_studies; i++) {
        plan p = {.text = NULL};

        text[i] = plan_text(work, &b->studies[i], &p);
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
