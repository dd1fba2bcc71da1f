# Waits for so many milliseconds.
threads 4

function main milliseconds
    load_local milliseconds
    sleep
    push 0
    return
