# The same with a call between load and store: counter = add_one(counter)
global counter
threads 2

function add_one value
    load_local value
    push 1
    add
    return

function main times
again:
    load_global counter
    call add_one
    store_global counter

    load_local times        # times = times - 1
    push 1
    subtract
    store_local times
    load_local times        # while times
    jump_if again
    push 0
    return
