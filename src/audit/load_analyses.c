/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `analyses`: what each is, and what it has of those that it extends. */
#include "audit/load_analyses.h"

#include "metapool/figure.h"

#include "core/ascii.h"

#include <string.h>

static const struct {
    const char *name;
    mtp_command command;
} commands[] = {
    {"effects", MTP_COMMAND_EFFECTS},
    {"pool", MTP_COMMAND_POOL},
    {"regress", MTP_COMMAND_REGRESS},
    {"bias", MTP_COMMAND_BIAS},
    {"sensitivity", MTP_COMMAND_SENSITIVITY},
    {"compare", MTP_COMMAND_COMPARE},
    {"composition", MTP_COMMAND_COMPOSITION},
    {"plot", 0},
    {"report", MTP_COMMAND_PAGE},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

const char *mtp_file_command_name(const mtp_file_analysis *analysis)
{
    for (size_t i = 0; i < COMMANDS && analysis->kind < 0; i++) {
        if (commands[i].command == analysis->command) {
            return commands[i].name;
        }
    }
    return "plot";
}

/* Names become names of files, on systems that know no case too. */
static void check_name(mtp_loader *loader, const mtp_yaml *key)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *name = key->text;
    size_t length = strlen(name);

    if (length == 0 || length > MTP_FILE_NAME || strspn(name, allowed) != length ||
        name[0] == '.' || name[0] == '-') {
        mtp_loader_complain(loader, key->place,
                            "'%s' cannot name an analysis: up to 100 of A-Z, a-z, 0-9, "
                            "point, hyphen and underscore, with a letter, digit or "
                            "underscore first",
                            name);
    } else if (mtp_ascii_same(name, "index")) {
        mtp_loader_complain(loader, key->place,
                            "no analysis is called index: index.html is the page that "
                            "shows all of them");
    }
}

static void check_names(mtp_loader *loader, size_t n, const mtp_analysis_draft draft[])
{
    for (size_t i = 0; i < n; i++) {
        check_name(loader, draft[i].key);
        for (size_t k = 0; k < i; k++) {
            if (mtp_ascii_same(draft[i].key->text, draft[k].key->text)) {
                mtp_loader_complain(loader, draft[i].key->place,
                                    "the names '%s' and '%s' differ in case alone, and "
                                    "would be one file on some systems",
                                    draft[k].key->text, draft[i].key->text);
            }
        }
    }
}

static void take_command(mtp_loader *loader, mtp_analysis_draft *d)
{
    const char *names[COMMANDS + 1] = {NULL};
    const char *suggestion;

    for (size_t i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
        if (strcmp(d->command->text, commands[i].name) == 0) {
            d->has_command = true;
            d->command_value = commands[i].command;
            d->is_plot = commands[i].command == 0;
            return;
        }
    }
    suggestion = mtp_loader_suggest(loader, d->command->text, names);
    mtp_loader_complain(loader, d->command->place, "unknown command '%s'%s",
                        d->command->text,
                        *suggestion ? suggestion
                                    : "; there are effects, pool, regress, bias, "
                                      "sensitivity, compare, composition, plot and "
                                      "report");
    d->broken = true;
}

static void take_kind(mtp_loader *loader, mtp_analysis_draft *d)
{
    const char *names[MTP_FIGURE_COUNT + 1] = {NULL};

    if (!d->is_plot) {
        mtp_loader_complain(loader, d->kind->place, "'kind' goes with command: plot");
        return;
    }
    d->kind_value = mtp_figure_kind_from_id(d->kind->text);
    if (d->kind_value < 0) {
        for (int i = 0; i < MTP_FIGURE_COUNT; i++) {
            names[i] = mtp_figure_kind_id((mtp_figure_kind)i);
        }
        mtp_loader_complain(loader, d->kind->place, "unknown kind of plot '%s'%s",
                            d->kind->text,
                            mtp_loader_suggest(loader, d->kind->text, names));
        d->broken = true;
    }
}

static void take_data(mtp_loader *loader, mtp_analysis_draft *d)
{
    const mtp_analysis_file *file = loader->file;
    const char **names = MTP_LOADER_ARRAY(loader, file->n_data + 1, const char *);

    for (size_t i = 0; names && i < file->n_data; i++) {
        names[i] = file->data[i].name;
        if (strcmp(names[i], d->data->text) == 0) {
            d->data_value = &file->data[i];
            return;
        }
    }
    if (names && file->n_data > 0) {
        mtp_loader_complain(loader, d->data->place, "'data' has no table '%s'%s",
                            d->data->text,
                            mtp_loader_suggest(loader, d->data->text, names));
    }
}

mtp_command mtp_draft_command(const mtp_analysis_draft *draft)
{
    return draft->is_plot && draft->kind_value >= 0
               ? mtp_figure_kind_command((mtp_figure_kind)draft->kind_value)
               : draft->command_value;
}

/* A draft whose parent, if it has one, is done. */
static void finish_draft(mtp_loader *loader, mtp_analysis_draft *d)
{
    const mtp_analysis_draft *parent = d->parent;

    d->done = true;
    d->kind_value = -1;
    d->broken = d->broken || (parent && parent->broken);
    if (d->command) {
        take_command(loader, d);
    } else if (parent) {
        d->has_command = parent->has_command;
        d->command_value = parent->command_value;
        d->is_plot = parent->is_plot;
    }
    if (d->kind) {
        take_kind(loader, d);
    } else if (parent && d->is_plot) {
        d->kind_value = parent->kind_value;
    }
    d->data_value = parent                     ? parent->data_value
                    : loader->file->n_data > 0 ? &loader->file->data[0]
                                               : NULL;
    if (d->data) {
        take_data(loader, d);
    }
    mtp_draft_merge_options(loader, d);
    if (!d->broken) {
        mtp_draft_check_options(loader, d);
    }
}

/* The topmost draft above this one that is not done; NULL, and told, in a cycle. */
static mtp_analysis_draft *topmost(mtp_loader *loader, mtp_analysis_draft *d, size_t n)
{
    mtp_analysis_draft *top = d;

    for (size_t steps = 0; top->parent && !top->parent->done; steps++) {
        if (steps > n) {
            mtp_loader_complain(loader, d->extends->place,
                                "analysis '%s' extends itself, by '%s'", d->key->text,
                                d->extends->text);
            return NULL;
        }
        top = top->parent;
    }
    return top;
}

static void resolve(mtp_loader *loader, size_t n, mtp_analysis_draft draft[])
{
    for (size_t i = 0; i < n; i++) {
        while (!draft[i].done) {
            mtp_analysis_draft *top = topmost(loader, &draft[i], n);

            if (!top) { /* cut the circle, so that the rest can be looked at */
                draft[i].parent = NULL;
                draft[i].broken = true;
                top = &draft[i];
            }
            finish_draft(loader, top);
        }
    }
}

static void find_parents(mtp_loader *loader, size_t n, mtp_analysis_draft draft[])
{
    const char **names = MTP_LOADER_ARRAY(loader, n + 1, const char *);

    for (size_t i = 0; names && i < n; i++) {
        names[i] = draft[i].key->text;
    }
    for (size_t i = 0; names && i < n; i++) {
        mtp_analysis_draft *d = &draft[i];

        for (size_t k = 0; d->extends && k < n && !d->parent; k++) {
            if (strcmp(names[k], d->extends->text) == 0) {
                d->parent = &draft[k];
            }
        }
        if (d->extends && !d->parent) {
            mtp_loader_complain(
                loader, d->extends->place, "there is no analysis '%s' to extend%s",
                d->extends->text, mtp_loader_suggest(loader, d->extends->text, names));
            d->broken = true;
        }
    }
}

static void take_draft(mtp_loader *loader, const mtp_yaml *key, mtp_analysis_draft *d)
{
    const mtp_key keys[] = {
        {"title", MTP_WANT_TEXT, false, &d->title},
        {"extends", MTP_WANT_TEXT, false, &d->extends},
        {"template", MTP_WANT_FLAG, false, &d->is_template},
        {"command", MTP_WANT_TEXT, false, &d->command},
        {"kind", MTP_WANT_TEXT, false, &d->kind},
        {"data", MTP_WANT_TEXT, false, &d->data},
        {"options", MTP_WANT_MAPPING, false, &d->options},
    };

    *d = (mtp_analysis_draft){.key = key};
    d->broken = !mtp_loader_keys(loader, key->next, "an analysis",
                                 sizeof keys / sizeof *keys, keys);
}

/* What an analysis that is run needs. */
static void check_complete(mtp_loader *loader, const mtp_analysis_draft *d)
{
    if (d->broken || mtp_loader_flag(d->is_template)) {
        return;
    }
    if (!d->has_command) {
        mtp_loader_complain(loader, d->key->place,
                            "analysis '%s' lacks 'command' (one that is only to be "
                            "extended says template: true)",
                            d->key->text);
    } else if (d->is_plot && d->kind_value < 0) {
        mtp_loader_complain(loader, d->key->place,
                            "analysis '%s' lacks 'kind', the kind of plot",
                            d->key->text);
    }
}

static void fill_analysis(mtp_loader *loader, const mtp_analysis_draft *d,
                          mtp_file_analysis *made)
{
    mtp_file_option *option = MTP_LOADER_ARRAY(loader, d->n, mtp_file_option);
    size_t n = 0;

    for (size_t i = 0; option && i < d->n; i++) {
        if (d->entry[i].option.value) {
            option[n++] = d->entry[i].option;
        }
    }
    *made = (mtp_file_analysis){
        .name = d->key->text,
        .title = mtp_loader_text(loader, d->title),
        .is_template = mtp_loader_flag(d->is_template),
        .command = mtp_draft_command(d),
        .kind = d->is_plot ? d->kind_value : -1,
        .data = d->data_value,
        .n_options = n,
        .options = option,
        .place = d->key->place,
    };
}

void mtp_loader_analyses(mtp_loader *loader, const mtp_yaml *node)
{
    size_t n = node->count;
    mtp_analysis_draft *draft;
    mtp_file_analysis *made;

    if (n == 0 || n > MTP_FILE_ANALYSES) {
        mtp_loader_complain(loader, node->place, "'analyses' has %s",
                            n == 0 ? "no analysis" : "more than 1000 analyses");
        return;
    }
    draft = MTP_LOADER_ARRAY(loader, n, mtp_analysis_draft);
    made = MTP_LOADER_ARRAY(loader, n, mtp_file_analysis);
    if (!draft || !made) {
        return;
    }
    n = 0;
    for (const mtp_yaml *key = node->first; key; key = key->next->next) {
        take_draft(loader, key, &draft[n++]);
    }
    check_names(loader, n, draft);
    find_parents(loader, n, draft);
    resolve(loader, n, draft);
    for (size_t i = 0; i < n; i++) {
        check_complete(loader, &draft[i]);
        fill_analysis(loader, &draft[i], &made[i]);
    }
    loader->file->analyses = made;
    loader->file->n_analyses = n;
}
