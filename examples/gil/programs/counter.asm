# Adds one to a global, as often as it is told: counter = counter + 1
global counter
threads 2

function main times
again:
    load_global counter
    push 1
    add
    store_global counter

    load_local times        # times = times - 1
    push 1
    subtract
    store_local times
    load_local times        # while times
    jump_if again
    push 0
    return
