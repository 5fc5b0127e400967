/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of nested levels as a tree, and the tables of what a group holds. */
#include "explain/nested.h"

#include <string.h>

const char *mtp_nested_text(const mtp_nested_model *n, const char *format, ...)
{
    va_list args;
    const char *text;

    va_start(args, format);
    text = mtp_arena_vprintf(n->s->arena, format, args);
    va_end(args);
    n->s->failed = n->s->failed || !text;
    return text ? text : "0";
}

const char *mtp_nested_name(const mtp_nested_model *n, const char *base, size_t j)
{
    return j < n->constant ? base : mtp_nested_text(n, "%s_%zu", base, j + 1);
}

bool mtp_nested_is_worked(const mtp_nested_model *n, size_t level, size_t group)
{
    const size_t *in = n->levels[level - 1].effects.group;
    const mtp_explain_work *work = n->work;
    bool worked = work->all || (!work->chosen && in[0] == group);

    for (size_t i = 0; i < n->set->k && !worked; i++) {
        worked =
            in[i] == group &&
            mtp_explain_is_chosen(work, work->bundle->studies[n->set->index[i]].name);
    }
    return worked;
}

const char *mtp_nested_label(const mtp_nested_model *n, size_t level, size_t group)
{
    const mtp_variance_component *of = &n->levels[level - 1];
    const char *label =
        n->work->bundle->level_label[level - 1][of->effects.first[group]];

    return mtp_solution_name(n->s, mtp_nested_text(n, "%s %s", of->name, label));
}

void mtp_nested_rows(mtp_nested_model *n, size_t level, size_t group)
{
    size_t from = n->begin[level][group], count = n->begin[level][group + 1] - from;
    const char **label = MTP_ARENA_ARRAY(n->s->arena, count, const char *);
    bool leaf = level == n->depth;

    n->s->failed = n->s->failed || !label;
    for (size_t c = 0; label && c < count; c++) {
        label[c] =
            leaf ? mtp_solution_name(
                       n->s,
                       n->work->bundle->studies[n->set->index[n->order[from + c]]].name)
                 : mtp_nested_label(n, level + 1, from + c);
    }
    n->s->scope.k = count;
    n->s->label = label;
    n->s->row_name = leaf ? NULL : "group";
}

mtp_nested_frame mtp_nested_enter(mtp_nested_model *n, size_t level, size_t group,
                                  bool shown)
{
    mtp_solution *s = n->s;
    mtp_nested_frame frame = {
        s->muted, s->scope.n,  s->scope.capacity,       s->scope.k,
        s->label, s->row_name, mtp_arena_save(s->arena)};

    s->muted = s->muted || !shown;
    mtp_solution_heading(s, level == 1 ? 3 : 4, "%s",
                         mtp_nested_label(n, level, group));
    mtp_nested_rows(n, level, group);
    return frame;
}

void mtp_nested_leave(mtp_nested_model *n, const mtp_nested_frame *frame)
{
    mtp_solution *s = n->s;

    s->muted = frame->muted;
    s->scope.n = frame->scope;
    s->scope.k = frame->k;
    s->label = frame->label;
    s->row_name = frame->row_name;
    if (s->scope.capacity == frame->capacity) { /* nothing that is kept was made */
        mtp_arena_release(s->arena, frame->mark);
    }
}

const double *mtp_nested_gathered(const mtp_nested_model *n, size_t group,
                                  const double of_effect[])
{
    size_t from = n->begin[n->depth][group];
    size_t count = n->begin[n->depth][group + 1] - from;
    double *made = MTP_ARENA_ARRAY(n->s->arena, count, double);

    n->s->failed = n->s->failed || !made;
    for (size_t i = 0; made && i < count; i++) {
        made[i] = of_effect[n->order[from + i]];
    }
    return made;
}

size_t mtp_nested_effects(mtp_nested_model *n, size_t group,
                          mtp_solution_column column[])
{
    size_t count = 0;

    column[count++] = (mtp_solution_column){
        .name = "y_i", .values = mtp_nested_gathered(n, group, n->set->y)};
    column[count++] = (mtp_solution_column){
        .name = "v_i", .values = mtp_nested_gathered(n, group, n->set->v)};
    for (size_t j = n->constant; j < n->p; j++) {
        column[count++] =
            (mtp_solution_column){.name = mtp_nested_text(n, "x_%zu_i", j + 1),
                                  .values = mtp_nested_gathered(n, group, n->x[j])};
    }
    return count;
}

/* Groups of a level in order of their path, so that those of one group around them
 * follow each other: where each begins. */
static bool find_children(mtp_nested_model *n, size_t l)
{
    const mtp_level_effects *around = l > 0 ? &n->levels[l - 1].effects : NULL;
    const mtp_level_effects *within = l < n->depth ? &n->levels[l].effects : NULL;
    size_t count = within ? within->n_groups : n->set->k;
    size_t *begin;

    n->n[l] = around ? around->n_groups : 1;
    begin = MTP_ARENA_ARRAY(n->s->arena, n->n[l] + 2, size_t);
    if (!begin) {
        n->s->failed = true;
        return false;
    }
    memset(begin, 0, (n->n[l] + 2) * sizeof *begin);
    for (size_t c = 0; c < count; c++) {
        begin[(around ? around->group[within ? within->first[c] : c] : 0) + 1]++;
    }
    for (size_t g = 0; g < n->n[l]; g++) {
        begin[g + 1] += begin[g];
    }
    n->begin[l] = begin;
    return true;
}

static bool order_effects(mtp_nested_model *n)
{
    const mtp_level_effects *last =
        n->depth > 0 ? &n->levels[n->depth - 1].effects : NULL;
    size_t *next = MTP_ARENA_ARRAY(n->s->arena, n->n[n->depth], size_t);

    n->order = MTP_ARENA_ARRAY(n->s->arena, n->set->k, size_t);
    if (!n->order || !next) {
        n->s->failed = true;
        return false;
    }
    memcpy(next, n->begin[n->depth], n->n[n->depth] * sizeof *next);
    for (size_t i = 0; i < n->set->k; i++) {
        n->order[next[last ? last->group[i] : 0]++] = i;
    }
    return true;
}

bool mtp_nested_grow(mtp_nested_model *n)
{
    bool own = n->levels[n->n_levels - 1].effects.n_groups == n->set->k;

    n->depth = n->n_levels - own;
    n->spread = own ? mtp_nested_text(n, "v_i + sigma2_%zu", n->n_levels) : "v_i";
    n->weight = own ? mtp_nested_text(n, "1 / (%s)", n->spread) : "1 / v_i";
    for (size_t l = 0; l <= n->depth; l++) {
        if (!find_children(n, l)) {
            return false;
        }
    }
    return order_effects(n) && !n->s->failed;
}

bool mtp_nested_make_room(mtp_nested_model *n, size_t count,
                          mtp_nested_values of[][MTP_NESTED_CARRIED])
{
    for (size_t l = 0; l <= n->depth; l++) {
        for (size_t q = 0; q < count; q++) {
            of[l][q].value = MTP_ARENA_ARRAY(n->s->arena, n->n[l], double);
            of[l][q].error = MTP_ARENA_ARRAY(n->s->arena, n->n[l], double);
            if (!of[l][q].value || !of[l][q].error) {
                n->s->failed = true;
                return false;
            }
        }
    }
    return !n->s->failed;
}
