/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which lines lead from the raw data of a study to y and v. */
#include "explain/plan.h"

#include "core/number.h"
#include "explain/recipe.h"

#include <math.h>
#include <string.h>

static const char *join(mtp_arena *arena, const char *before, const char *after)
{
    return !before || !after ? NULL
                             : mtp_arena_printf(arena, "%s%s%s", before,
                                                *before && *after ? "; " : "", after);
}

/* "sei from ci-lower, ci-upper; vi from sei" as lines. */
static const char *derivations(mtp_explain_work *work, const char *origin, mtp_plan *p)
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

bool mtp_plan_makes(const char *lines, const char *name)
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
const char *mtp_plan_renamed(mtp_arena *arena, const char *text, const char *from,
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
        lines = mtp_plan_renamed(arena, lines, "x", "x_c");
        lines = lines ? mtp_plan_renamed(arena, lines, "n", "n_c") : NULL;
        return join(arena, "x_c = x + h; n_c = n + 2 * h", lines);
    case MTP_INPUT_EVENTS_TIME:
        return join(arena, "x_c = x + h", mtp_plan_renamed(arena, lines, "x", "x_c"));
    case MTP_INPUT_TWO_EVENTS_N:
    case MTP_INPUT_PAIRED_MARGINS:
        return join(arena,
                    mtp_arena_printf(arena,
                                     "%sa = x1 + %s; b = n1 - x1 + %s; c = x2 + %s; "
                                     "d = n2 - x2 + %s",
                                     tacc ? "h_1 = n1 / (n1 + n2); "
                                            "h_2 = n2 / (n1 + n2); "
                                          : "",
                                     first, first, second, second),
                    lines + strlen(MTP_RECIPE_CELLS));
    case MTP_INPUT_TWO_EVENTS_TIME:
        lines = mtp_plan_renamed(arena, lines, "x1", "x1_c");
        lines = lines ? mtp_plan_renamed(arena, lines, "x2", "x2_c") : NULL;
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

            lines = mtp_plan_renamed(arena, lines, from, to);
        }
        return join(arena, "a_c = a + h; b_c = b + h; c_c = c + h; d_c = d + h", lines);
    default:
        return NULL;
    }
}

/* t of two means in place of the means: d is there, the lines before it are not. */
static const char *from_d(const char *lines)
{
    const char *d = strstr(lines, MTP_RECIPE_D);

    return d ? d + strlen(MTP_RECIPE_D) : NULL;
}

/* The lines of the measure with or without what stands in brackets; NULL where it is
 * not one for a hand, and without memory. */
static const char *recipe_of(mtp_explain_work *work)
{
    const mtp_bundle *b = work->bundle;
    const mtp_recipe *recipe = mtp_recipe_of(b->measure->measure, b->vtype);
    char *lines = recipe ? mtp_arena_strdup(work->s->arena, recipe->lines) : NULL;
    char *to = lines;
    bool inside = false;

    work->s->failed = work->s->failed || (recipe && !lines);
    for (const char *from = lines; from && *from; from++) {
        if (*from == '[' || *from == ']') {
            inside = *from == '[';
        } else if (!inside || !b->uncorrected) {
            *to++ = *from;
        }
    }
    if (to) {
        *to = '\0';
    }
    return lines;
}

bool mtp_plan_is_ready(const mtp_study *study)
{
    return study->origin && (strstr(study->origin, "yi and vi as given") ||
                             strstr(study->origin, "yi from estimate") ||
                             strstr(study->origin, "vi from "));
}

const char *mtp_plan_text(mtp_explain_work *work, const mtp_study *study, mtp_plan *p)
{
    mtp_arena *arena = work->s->arena;
    const char *lines = derivations(work, study->origin, p);
    const char *recipe = recipe_of(work);

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
    if (mtp_plan_is_ready(study) || work->bundle->measure->input == MTP_INPUT_GENERIC ||
        work->bundle->measure->input == MTP_INPUT_RATIO || !recipe) {
        return lines;
    }
    if (study->origin && strstr(study->origin, "events1 from cell-a")) {
        /* Cells that are given are not made of what is made of them. */
        lines = "";
        recipe += study->corrected ? 0 : strlen(MTP_RECIPE_CELLS);
    }
    if (study->origin && strstr(study->origin, "yi from stat")) {
        recipe = from_d(recipe);
    } else if (study->corrected) {
        recipe = corrected(work, recipe);
    }
    return recipe ? join(arena, lines, recipe) : lines;
}

/* Take the lines apart. */
void mtp_plan_split(mtp_explain_work *work, mtp_plan *p)
{
    mtp_arena *arena = work->s->arena;

    for (const char *at = p->text; *at && p->n < MTP_PLAN_LINES;) {
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
    p->y = mtp_plan_makes(p->text, "y");
    p->v = mtp_plan_makes(p->text, "v");
}

/* Whether the lines mention a symbol. */
bool mtp_plan_mentions(const char *text, const char *symbol)
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

void mtp_explain_set_raw(mtp_explain_work *work, const mtp_study *study)
{
    const mtp_bundle *b = work->bundle;

    for (size_t r = 0; r < b->n_raw; r++) {
        const char *symbol = mtp_explain_symbol(b->raw_role[r]);

        if (symbol && !isnan(study->raw[r])) {
            mtp_solution_know(work->s, symbol, study->raw[r]);
        }
    }
}

double mtp_explain_figure(const mtp_bundle *b, const mtp_study *study, const char *name)
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
