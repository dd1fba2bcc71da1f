# Counts down to 0 and does nothing else: while times: times = times - 1
threads 1

function main times
again:
    load_local times
    push 1
    subtract
    store_local times
    load_local times
    jump_if again
    push 0
    return
