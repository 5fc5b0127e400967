/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option registry: rows by name, their choices, and what does their work where a
 * command lacks them. */
#include "analysis/options.h"

#include "core/ascii.h"
#include "core/nearest.h"

#include <string.h>

static const mtp_option_info registry[MTP_OPT_COUNT] = {
#define OPTION_ROW(id, name, letter, commands, section, kind, choices, low, high,      \
                   fallback, argument, numbers, help)                                  \
    [MTP_OPT_##id] = {name,                                                            \
                      letter,                                                          \
                      (unsigned)(commands),                                            \
                      MTP_SECTION_##section,                                           \
                      MTP_VALUE_##kind,                                                \
                      choices,                                                         \
                      low,                                                             \
                      high,                                                            \
                      fallback,                                                        \
                      argument,                                                        \
                      numbers,                                                         \
                      help},
    MTP_OPTION_LIST(OPTION_ROW)
#undef OPTION_ROW
};

const mtp_option_info *mtp_option_get(mtp_option_index index)
{
    return &registry[index];
}

mtp_option_index mtp_option_find(mtp_command command, const char *name)
{
    unsigned found = MTP_OPT_COUNT;

    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        if (strcmp(registry[i].name, name) != 0) {
            continue;
        }
        if (registry[i].commands & (unsigned)command) {
            return (mtp_option_index)i;
        }
        found = i;
    }
    return (mtp_option_index)found;
}

const char *mtp_option_nearest(mtp_command command, const char *typed)
{
    const char *names[MTP_OPT_COUNT];
    size_t n = 0, best;

    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        if (registry[i].commands & (unsigned)command) {
            names[n++] = registry[i].name;
        }
    }
    best = mtp_nearest_name(typed, n, names);
    return best < n ? names[best] : NULL;
}

const char *mtp_option_find_choice(const char *choices, const char *value, int *index,
                                   size_t *length)
{
    int i = 0;

    for (const char *at = choices; *at; at += *length + 1, i++) {
        *length = strcspn(at, "|");
        if (mtp_ascii_same_part(value, at, *length)) {
            *index = i;
            return at;
        }
    }
    return NULL;
}

int mtp_option_choice(mtp_option_index index, const char *value)
{
    int which = -1;
    size_t length;

    return value && mtp_option_find_choice(registry[index].choices, value, &which,
                                           &length)
               ? which
               : -1;
}

/* What commands that share most options lack, and what does its work there. */
static const char *advice_for_bias(mtp_option_index index)
{
    switch (index) {
    case MTP_OPT_BY:
        return "take the subgroups one by one, by --where";
    case MTP_OPT_METHOD:
        return "it goes by inverse variance, as the tests do";
    case MTP_OPT_MODS:
        return "it knows no moderators; regress takes them";
    case MTP_OPT_CLUSTER:
    case MTP_OPT_NESTED:
        return "its tests take the studies as independent";
    default:
        return NULL;
    }
}

static const char *advice_for_regress(mtp_option_index index)
{
    switch (index) {
    case MTP_OPT_BY:
        return "put the subgroups into --mods, as a factor; --margins gives the mean "
               "of each";
    case MTP_OPT_NULL_VALUE:
        return "coefficients are tested against 0; --contrast tests any combination of "
               "them";
    case MTP_OPT_MH_ADD:
        return "Mantel-Haenszel and Peto means know no moderators";
    default:
        return NULL;
    }
}

static const char *advice_for_compare(mtp_option_index index)
{
    switch (index) {
    case MTP_OPT_BY:
        return "compare one subgroup at a time, by --where";
    case MTP_OPT_CLUSTER:
    case MTP_OPT_NESTED:
        return "its analyses take the studies as independent";
    default:
        return NULL;
    }
}

/* Where an option is, that few commands have; explain goes with them. */
static const char *home_of(const char *name)
{
    unsigned commands = 0;

    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        commands |= strcmp(registry[i].name, name) == 0 ? registry[i].commands : 0;
    }
    switch (commands & ~(unsigned)MTP_COMMAND_EXPLAIN) {
    case MTP_COMMAND_REGRESS:
    case MTP_FOR_REGRESS:
        return "metapool regress has it";
    case MTP_COMMAND_BIAS:
    case MTP_COMMAND_BIAS | MTP_COMMAND_FUNNEL:
        return "metapool bias has it";
    case MTP_COMMAND_SENSITIVITY:
    case MTP_COMMAND_SENSITIVITY | MTP_COMMAND_GOSH_FIGURE:
        return "metapool sensitivity has it";
    case MTP_COMMAND_REGRESS | MTP_COMMAND_BIAS:
        return "metapool regress has it for terms, metapool bias for asymmetry";
    case MTP_COMMAND_BIAS | MTP_COMMAND_SENSITIVITY:
        return "metapool bias and metapool sensitivity have it";
    default:
        return NULL;
    }
}

const char *mtp_option_instead(mtp_command command, const char *name)
{
    mtp_option_index index = mtp_option_find(command, name);

    return (unsigned)command & MTP_FOR_REGRESS   ? advice_for_regress(index)
           : command == MTP_COMMAND_BIAS         ? advice_for_bias(index)
           : (unsigned)command & MTP_FOR_COMPARE ? advice_for_compare(index)
                                                 : NULL;
}

const char *mtp_option_advice(mtp_command command, const char *name)
{
    const char *instead = mtp_option_instead(command, name);

    return instead ? instead : home_of(name);
}

mtp_option_index mtp_role_option(mtp_role role)
{
    static const mtp_option_index option[MTP_ROLE_COUNT] = {
#define ROLE_OPTION(name, id, text) [MTP_ROLE_##name] = MTP_OPT_##name,
        MTP_ROLE_LIST(ROLE_OPTION)
#undef ROLE_OPTION
    };

    return option[role];
}
