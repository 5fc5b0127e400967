/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the columns of the table are, and the effects that come of them. */
#include "core/error.h"
#include "core/number.h"
#include "lint/work.h"
#include "table/cells.h"
#include "table/table.h"

#include <math.h>
#include <string.h>

/* Of a text column, the cells that are numbers. */
static const double *numbers_of(mtp_lint_work *w, const mtp_column *column,
                                mtp_lint_column *to)
{
    mtp_cell_rules rules = {.decimal = w->table->decimal};
    double *number = MTP_LINT_ARRAY(w, w->rows, double);

    for (size_t i = 0; number && i < w->rows; i++) {
        number[i] = (double)NAN;
        if (column->missing[i]) {
            continue;
        }
        if (mtp_cell_read(column->text[i], rules, &number[i]) == MTP_CELL_NUMBER) {
            to->numbers++;
        } else {
            number[i] = (double)NAN;
            to->texts++;
        }
    }
    return number;
}

static void read_column(mtp_lint_work *w, size_t c)
{
    const mtp_column *column = mtp_table_column(w->table, c);
    mtp_lint_column *to = &w->column[c];

    *to = (mtp_lint_column){.column = column, .number = column->number};
    if (column->number) {
        for (size_t i = 0; i < w->rows; i++) {
            to->numbers += !column->missing[i];
        }
        to->numeric = to->numbers > 0;
    } else {
        to->number = numbers_of(w, column, to);
        to->numeric = to->numbers >= 2 && to->numbers >= to->texts;
    }
}

/* Columns that a role names are numbers, whatever they hold. */
static void mark_roles(mtp_lint_work *w)
{
    for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
        const char *given = w->request->given[mtp_role_option((mtp_role)role)];

        for (size_t c = 0; given && c < w->columns; c++) {
            if (strcmp(w->column[c].column->name, given) == 0) {
                w->column[c].numeric = true;
                w->role[role].column = &w->column[c];
            }
        }
    }
}

mtp_status mtp_lint_read_columns(mtp_lint_work *w, mtp_error *err)
{
    w->column = MTP_LINT_ARRAY(w, w->columns, mtp_lint_column);
    for (size_t c = 0; !w->failed && c < w->columns; c++) {
        read_column(w, c);
    }
    if (w->failed) {
        return mtp_fail_nomem(err);
    }
    mark_roles(w);
    return MTP_OK;
}

bool mtp_lint_has(const mtp_lint_work *w, mtp_role role)
{
    return w->role[role].value != NULL;
}

double mtp_lint_value(const mtp_lint_work *w, mtp_role role, size_t row)
{
    return w->role[role].value && w->used[row] ? w->role[role].value[row] : (double)NAN;
}

int mtp_lint_decimals(const char *cell)
{
    size_t length = strlen(cell), whole, part = 0;

    cell = mtp_number_trim(cell, &length);
    whole = strspn(cell, "+-0123456789");
    if (whole < length && (cell[whole] == '.' || cell[whole] == ',')) {
        part = strspn(cell + whole + 1, "0123456789");
        whole += part + 1;
    }
    return whole == length && part <= 17 ? (int)part : -1;
}

/* Beyond so many decimals nobody rounded. */
enum { PRINTED = 6 };

double mtp_lint_half_unit(const mtp_lint_work *w, mtp_role role, size_t row)
{
    const mtp_lint_column *column = w->role[role].column;
    char text[MTP_NUMBER_TEXT];
    int decimals;

    if (column) {
        decimals = mtp_lint_decimals(
            column->column->text[row] ? column->column->text[row] : "x");
    } else {
        mtp_number_format(w->role[role].value[row], text);
        decimals = mtp_lint_decimals(text);
    }
    return decimals < 0 || decimals > PRINTED ? 0.0 : 0.5 * pow(10.0, -decimals);
}

int mtp_lint_digits(double x)
{
    char text[MTP_NUMBER_TEXT], digit[MTP_NUMBER_TEXT];
    size_t n = 0, first = 0;

    mtp_number_format(fabs(x), text);
    for (const char *at = text; *at && *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            digit[n++] = *at;
        }
    }
    while (n > 0 && digit[n - 1] == '0') {
        n--;
    }
    while (first < n && digit[first] == '0') {
        first++;
    }
    return (int)(n - first);
}

/* A column that is meant as numbers has cells that are none. */
static bool has_bad_cells(const mtp_lint_work *w)
{
    bool found = false;

    for (size_t c = 0; c < w->columns; c++) {
        found = found || (w->column[c].numeric && w->column[c].texts > 0);
    }
    return found;
}

/* A role's values; a column that holds text has those of its numbers. */
static mtp_status bind_role(mtp_lint_work *w, mtp_role role, mtp_error *err)
{
    const char *given = w->request->given[mtp_role_option(role)];
    mtp_lint_role *to = &w->role[role];
    mtp_values *values = NULL;
    double *number;
    mtp_status status;

    if (!given) {
        return MTP_OK;
    }
    to->name = given;
    if (to->column) {
        to->value = to->column->number;
        return MTP_OK;
    }
    status = mtp_table_evaluate(w->table, given, &values, err);
    if (status == MTP_OK) {
        const mtp_column *column = mtp_values_column(values);

        status = mtp_table_require_numbers(w->table, column, NULL, err);
        number = MTP_LINT_ARRAY(w, w->rows, double);
        if (status == MTP_OK && number) {
            memcpy(number, column->number, w->rows * sizeof *number);
            to->value = number;
        }
    }
    mtp_values_free(values);
    if (status == MTP_E_DATA && has_bad_cells(w)) {
        status = MTP_OK; /* the pooling will stop there, and that is told */
    }
    return w->failed ? mtp_fail_nomem(err) : status;
}

/* The texts of --study. */
static mtp_status bind_study(mtp_lint_work *w, mtp_error *err)
{
    const char *given = w->request->given[MTP_OPT_STUDY];
    mtp_values *values = NULL;
    const char **study, **label;
    mtp_status status;

    if (!given) {
        return MTP_OK;
    }
    status = mtp_table_evaluate(w->table, given, &values, err);
    study = status == MTP_OK ? MTP_LINT_ARRAY(w, w->rows, const char *) : NULL;
    label = study ? MTP_LINT_ARRAY(w, w->rows, const char *) : NULL;
    for (size_t i = 0; label && i < w->rows; i++) {
        const mtp_column *column = mtp_values_column(values);
        char number[MTP_NUMBER_TEXT];
        const char *cell = column->text ? column->text[i] : NULL;

        if (!cell && !column->missing[i]) {
            mtp_number_format(column->number[i], number);
            cell = number;
        }
        study[i] = mtp_arena_strdup(w->scratch, cell ? cell : "");
        w->failed = w->failed || !study[i];
        label[i] = mtp_lint_folded(w, cell ? cell : "", true);
    }
    mtp_values_free(values);
    w->study = study;
    w->label = label;
    return w->failed ? mtp_fail_nomem(err) : status;
}

static mtp_status bind_where(mtp_lint_work *w, mtp_error *err)
{
    const char *given = w->request->given[MTP_OPT_WHERE];
    unsigned char *used = MTP_LINT_ARRAY(w, w->rows, unsigned char);
    mtp_values *values = NULL;
    mtp_status status = MTP_OK;

    if (!used) {
        return mtp_fail_nomem(err);
    }
    memset(used, 1, w->rows);
    w->used = used;
    if (given) {
        status = mtp_table_evaluate(w->table, given, &values, err);
    }
    for (size_t i = 0; status == MTP_OK && values && i < w->rows; i++) {
        const mtp_column *column = mtp_values_column(values);

        used[i] = !column->missing[i] && column->number && column->number[i] != 0.0;
    }
    mtp_values_free(values);
    return status;
}

static bool has_roles(const mtp_lint_work *w)
{
    for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
        if (w->request->given[mtp_role_option((mtp_role)role)]) {
            return true;
        }
    }
    return w->request->given[MTP_OPT_MEASURE] != NULL;
}

static mtp_effects_options effects_options(const mtp_lint_work *w)
{
    const mtp_request *r = w->request;
    mtp_effects_options o;

    mtp_effects_options_init(&o, sizeof o);
    o.measure = w->measure->measure;
    o.tacc = mtp_request_choice(r, MTP_OPT_ADD) == 0;
    if (!o.tacc && mtp_request_has(r, MTP_OPT_ADD)) {
        o.add = mtp_request_number(r, MTP_OPT_ADD);
    }
    o.to = (mtp_add_to)mtp_request_choice(r, MTP_OPT_TO);
    o.correct = mtp_request_choice(r, MTP_OPT_CORRECT) == 0;
    o.input_level = mtp_request_number(r, MTP_OPT_INPUT_LEVEL) / 100.0;
    o.allow_fractional =
        strcmp(mtp_request_value(r, MTP_OPT_ALLOW_FRACTIONAL), "true") == 0;
    return o;
}

/* The effect of each row by itself: what is wrong with one is no matter of the others.
 */
static void compute_effects(mtp_lint_work *w)
{
    mtp_effects_options options = effects_options(w);
    double *yi = MTP_LINT_ARRAY(w, w->rows, double);
    double *vi = MTP_LINT_ARRAY(w, w->rows, double);
    unsigned char *corrected = MTP_LINT_ARRAY(w, w->rows, unsigned char);

    for (size_t i = 0; !w->failed && i < w->rows; i++) {
        mtp_raw one = {.size = sizeof one, .k = 1};
        mtp_effects *effects = NULL;
        mtp_role lacking;

        yi[i] = vi[i] = (double)NAN;
        corrected[i] = 0;
        for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
            one.column[role] =
                w->role[role].value && w->used[i] ? w->role[role].value + i : NULL;
        }
        if (mtp_effects_can_use(options.measure, &one, 0, &lacking) &&
            !mtp_effects_is_uninformative(&options, &one, 0, NULL) &&
            mtp_effects_compute(&options, &one, &effects, NULL) == MTP_OK) {
            yi[i] = effects->yi[0];
            vi[i] = effects->vi[0];
            corrected[i] = effects->corrected[0];
        }
        mtp_effects_free(effects);
    }
    w->yi = yi;
    w->vi = vi;
    w->corrected = corrected;
}

/* pool with the same options; what stops it is a finding. */
static mtp_status run_pool(mtp_lint_work *w, mtp_error *err)
{
    mtp_request request = {.arena = w->request->arena, .command = MTP_COMMAND_POOL};
    mtp_problems problems = {0};
    mtp_bundle *bundle = NULL;
    mtp_error problem;
    mtp_status status;

    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        if (mtp_option_get((mtp_option_index)i)->commands &
            (unsigned)MTP_COMMAND_POOL) {
            request.given[i] = w->request->given[i];
        }
    }
    status = mtp_run(&request, w->table, &bundle, &problems, &problem);
    w->pool = bundle;
    (void)mtp_lint_look(w, MTP_LINT_ANALYSIS_STOPS);
    if (status == MTP_E_DATA || status == MTP_E_DEGENERATE || status == MTP_E_NOCONV) {
        size_t row = MTP_LINT_NOWHERE;

        for (size_t i = 0; i < w->rows && row == MTP_LINT_NOWHERE; i++) {
            if (problem.line ? mtp_table_line(w->table, i) == problem.line
                             : problem.row == i + 1) {
                row = i;
            }
        }
        mtp_lint_add(w, MTP_LINT_ANALYSIS_STOPS,
                     (mtp_lint_place){row, MTP_LINT_NOWHERE,
                                      problem.column[0] ? problem.column : NULL,
                                      problems.count},
                     "%s", problem.message);
        return MTP_OK;
    }
    if (status != MTP_OK) {
        *err = problem;
    }
    return status;
}

static mtp_status bind_roles(mtp_lint_work *w, mtp_error *err)
{
    const char *code = w->request->given[MTP_OPT_MEASURE];
    mtp_status status = MTP_OK;

    for (unsigned role = 0; status == MTP_OK && role < MTP_ROLE_COUNT; role++) {
        status = bind_role(w, (mtp_role)role, err);
    }
    if (status == MTP_OK) {
        status = run_pool(w, err);
    }
    if (status == MTP_OK) { /* that there is a measure, pool has checked */
        w->measure = mtp_measure_from_code(code ? code : "GEN");
        compute_effects(w);
    }
    return w->failed ? mtp_fail_nomem(err) : status;
}

mtp_status mtp_lint_bind(mtp_lint_work *w, mtp_error *err)
{
    mtp_status status = bind_where(w, err);

    if (status == MTP_OK) {
        status = bind_study(w, err);
    }
    return status == MTP_OK && has_roles(w) ? bind_roles(w, err) : status;
}

void mtp_lint_free_pool(mtp_lint_work *w)
{
    mtp_bundle_free(w->pool);
    w->pool = NULL;
}
