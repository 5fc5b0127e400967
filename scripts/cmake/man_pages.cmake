# SPDX-License-Identifier: GPL-3.0-or-later
# Write the man pages that the built tool prints: metapool.1 and one for each command that
# it lists.   cmake -DTOOL=metapool -DFOLDER=man -P man_pages.cmake

function(write_page name)
  execute_process(COMMAND ${TOOL} help --man ${ARGN} OUTPUT_VARIABLE page
                  COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE ${FOLDER}/${name}.1 "${page}")
endfunction()

file(REMOVE_RECURSE ${FOLDER})
write_page(metapool)
file(READ ${FOLDER}/metapool.1 overview)
string(REGEX MATCHALL "\\.TP\n\\.B [a-z]+" entries "${overview}")
foreach(entry IN LISTS entries)
  string(REGEX REPLACE ".*\\.B " "" command "${entry}")
  write_page(metapool-${command} ${command})
endforeach()
