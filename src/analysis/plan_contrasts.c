/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/plan.h"
#include "analysis/split.h"
#include "core/error.h"
#include "core/number.h"

#include <string.h>

/* A contrast being read. */
typedef struct reader {
    const mtp_plan *plan;
    const char *at;
    const char *const *name; /* [n] what may stand for a row */
    const double *row;       /* [n * p] the rows */
    size_t n;
    double *l; /* [p] the sum */
} reader;

static void skip_blanks(reader *r)
{
    r->at += strspn(r->at, " \t");
}

/* After a name the text ends, or a sign follows. */
static bool name_ends(const char *at)
{
    at += strspn(at, " \t");
    return *at == '\0' || *at == '+' || *at == '-';
}

/* The length of a name in the text, in quotes or not; 0: it does not stand there. */
static size_t matches(const char *at, const char *name)
{
    size_t length = strlen(name);

    if (at[0] == '"' && strncmp(at + 1, name, length) == 0 && at[length + 1] == '"') {
        return name_ends(at + length + 2) ? length + 2 : 0;
    }
    return strncmp(at, name, length) == 0 && name_ends(at + length) ? length : 0;
}

/* The longest name at this place; n: none. */
static size_t find_name(const reader *r, size_t *length)
{
    size_t best = r->n;

    *length = 0;
    for (size_t i = 0; i < r->n; i++) {
        size_t found = matches(r->at, r->name[i]);

        if (found > *length) {
            *length = found;
            best = i;
        }
    }
    return best;
}

/* A number of digits; false: none stands there. */
static bool read_number(reader *r, double *value)
{
    size_t length = strspn(r->at, "0123456789.");

    if (length > 0 && (r->at[length] == 'e' || r->at[length] == 'E')) {
        size_t sign =
            length + 1 + (r->at[length + 1] == '-' || r->at[length + 1] == '+');

        length = sign + strspn(r->at + sign, "0123456789");
    }
    if (length == 0 || mtp_number_parse(r->at, length, value) != MTP_NUMBER_OK) {
        return false;
    }
    r->at += length;
    skip_blanks(r);
    return true;
}

/* NUMBER [/ NUMBER] *, or nothing. */
static bool read_factor(reader *r, double *factor)
{
    double below = 1.0;

    *factor = 1.0;
    if (!read_number(r, factor)) {
        return true;
    }
    if (*r->at == '/') {
        r->at++;
        skip_blanks(r);
        if (!read_number(r, &below) || below == 0.0) {
            return false;
        }
        *factor /= below;
    }
    if (*r->at != '*') {
        return false;
    }
    r->at++;
    skip_blanks(r);
    return true;
}

/* [NUMBER *] NAME; a name may begin with digits, so names go first. */
static bool read_part(reader *r, double sign)
{
    size_t length, p = r->plan->design->p, i = find_name(r, &length);
    double factor = 1.0;

    if (i == r->n) {
        if (!read_factor(r, &factor)) {
            return false;
        }
        i = find_name(r, &length);
    }
    if (i == r->n) {
        return false;
    }
    for (size_t j = 0; j < p; j++) {
        r->l[j] += sign * factor * r->row[i * p + j];
    }
    r->at += length;
    skip_blanks(r);
    return true;
}

/* The whole sum; false where it cannot be read, with r->at at the place. */
static bool read_sum(reader *r)
{
    double sign = 1.0;

    skip_blanks(r);
    if (*r->at == '-' || *r->at == '+') {
        sign = *r->at++ == '-' ? -1.0 : 1.0;
        skip_blanks(r);
    }
    while (read_part(r, sign)) {
        if (*r->at == '\0') {
            return true;
        }
        sign = *r->at++ == '-' ? -1.0 : 1.0;
        skip_blanks(r);
    }
    return false;
}

static bool has_reference(const mtp_design *d, size_t leaf)
{
    for (size_t t = 0; t < d->formula->n_terms; t++) {
        const mtp_formula_term *term = &d->formula->term[t];
        size_t columns = 0;

        for (size_t j = 0; j < d->p; j++) {
            columns += d->column_term[j] == t;
        }
        if (term->n_leaves == 1 && term->leaf[0] == leaf) {
            return columns < d->leaf[leaf].n_levels;
        }
    }
    return false;
}

/* The coefficients, and the reference levels, which are 0. */
static mtp_status name_coefficients(reader *r)
{
    const mtp_design *d = r->plan->design;
    mtp_arena *arena = r->plan->arena;
    size_t leaves = d->formula->n_leaves, n = d->p;
    const char **name = MTP_ARENA_ARRAY(arena, d->p + leaves, const char *);
    double *row = mtp_arena_zalloc(arena, (d->p + leaves) * d->p, sizeof *row);

    if (!name || !row) {
        return mtp_fail_nomem(r->plan->err);
    }
    for (size_t j = 0; j < d->p; j++) {
        name[j] = d->column_name[j];
        row[j * d->p + j] = 1.0;
    }
    for (size_t i = 0; i < leaves; i++) {
        const mtp_design_leaf *leaf = &d->leaf[i];

        if (!leaf->is_factor || !has_reference(d, i)) {
            continue;
        }
        name[n] = mtp_arena_printf(arena, "%s: %s", leaf->leaf->name,
                                   leaf->level[leaf->reference]);
        if (!name[n++]) {
            return mtp_fail_nomem(r->plan->err);
        }
    }
    r->name = name;
    r->row = row;
    r->n = n;
    return MTP_OK;
}

/* The marginal means of the levels of a factor. */
static mtp_status name_levels(reader *r, const mtp_design_leaf *leaf)
{
    const mtp_design *d = r->plan->design;
    size_t variables = d->formula->n_variables;
    double *row = mtp_arena_zalloc(r->plan->arena, leaf->n_levels * d->p, sizeof *row);
    mtp_design_at *at = MTP_ARENA_ARRAY(r->plan->arena, variables, mtp_design_at);
    mtp_status status = row && at ? MTP_OK : mtp_fail_nomem(r->plan->err);

    for (size_t v = 0; status == MTP_OK && v < variables; v++) {
        at[v] = (mtp_design_at){MTP_AT_AVERAGE, 0.0, NULL};
    }
    for (size_t i = 0; status == MTP_OK && i < leaf->n_levels; i++) {
        at[leaf->leaf->variable] = (mtp_design_at){MTP_AT_TEXT, 0.0, leaf->level[i]};
        status = mtp_design_row(d, at, row + i * d->p, r->plan->err);
    }
    r->name = leaf->level;
    r->row = row;
    r->n = leaf->n_levels;
    return status;
}

/* The factor that the text begins with, before a colon; NULL: none. */
static const mtp_design_leaf *leading_factor(const mtp_design *d, const char **text)
{
    const mtp_design_leaf *found = NULL;
    const char *at = *text;

    for (size_t i = 0; i < d->formula->n_leaves; i++) {
        const mtp_design_leaf *leaf = &d->leaf[i];
        size_t length = strlen(leaf->leaf->name);
        const char *end = at + length;

        if (!leaf->is_factor || strncmp(at, leaf->leaf->name, length) != 0) {
            continue;
        }
        end += strspn(end, " \t");
        if (*end == ':') {
            found = leaf;
            *text = end + 1;
        }
    }
    return found;
}

static mtp_status cannot_read(const reader *r, const char *text,
                              const mtp_design_leaf *factor)
{
    const mtp_plan *plan = r->plan;
    const mtp_design *d = plan->design;
    const char *names = factor ? mtp_split_list(plan->arena, r->n, r->name)
                               : mtp_split_list(plan->arena, d->p, d->column_name);

    if (!names) {
        return mtp_fail_nomem(plan->err);
    }
    return mtp_fail(plan->err, MTP_E_ARG,
                    "--contrast %s: cannot be read from \"%s\" on; %s%s: %s", text,
                    *r->at ? r->at : "its end",
                    factor ? "the levels of " : "the coefficients are",
                    factor ? factor->leaf->name : "", names);
}

static mtp_status make_contrast(const mtp_plan *plan, const char *text,
                                mtp_combination *contrast)
{
    size_t p = plan->design->p;
    double *l = mtp_arena_zalloc(plan->arena, p, sizeof *l);
    reader r = {.plan = plan, .at = text, .l = l};
    const mtp_design_leaf *factor;
    const char *levels = text;
    mtp_status status = l ? name_coefficients(&r) : mtp_fail_nomem(plan->err);

    *contrast = (mtp_combination){text, l};
    if (status != MTP_OK || read_sum(&r)) {
        return status;
    }
    factor = leading_factor(plan->design, &levels);
    if (factor) {
        memset(l, 0, p * sizeof *l);
        r.at = levels;
        status = name_levels(&r, factor);
        if (status != MTP_OK || read_sum(&r)) {
            return status;
        }
    }
    return cannot_read(&r, text, factor);
}

mtp_status mtp_plan_contrasts(const mtp_plan *plan, const char *list, size_t *n,
                              const mtp_combination **contrasts)
{
    const char *const *text;
    mtp_combination *made;
    mtp_status status = MTP_OK;

    *n = 0;
    if (!list) {
        return MTP_OK;
    }
    text = mtp_split_lines(plan->arena, list, n);
    made = text ? MTP_ARENA_ARRAY(plan->arena, *n, mtp_combination) : NULL;
    if (!made) {
        return mtp_fail_nomem(plan->err);
    }
    for (size_t i = 0; status == MTP_OK && i < *n; i++) {
        status = make_contrast(plan, text[i], &made[i]);
    }
    *contrasts = made;
    return status;
}
