"""Trials that return at once (bench/instant-objective.ts), one after the other. Usage: optuna_instant.py sqlite|journal|memory FILE TRIALS"""
import json
import sys
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
kind, file, trials = sys.argv[1], sys.argv[2], int(sys.argv[3])

def storage():
    if kind == 'sqlite':
        return f'sqlite:///{file}.db'
    if kind == 'journal':
        return optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(f'{file}.log'))
    return None

study = optuna.create_study(storage=storage(), sampler=optuna.samplers.RandomSampler(seed=1))
finished = []
started, cpu = time.perf_counter(), time.process_time()
study.optimize(
    lambda trial: (trial.suggest_float('x', 0, 1) - 0.3) ** 2,
    n_trials=trials,
    n_jobs=1,
    callbacks=[lambda _study, _trial: finished.append(time.perf_counter())],
)
cpu = time.process_time() - cpu
tenth = min(1000, -(-trials // 10))
print(json.dumps({
    'msPerTrial': 1000 * (finished[-1] - started) / trials,
    'cpuMsPerTrial': 1000 * cpu / trials,
    'firstMsPerTrial': 1000 * (finished[tenth - 1] - started) / tenth,
    'lastMsPerTrial': 1000 * (finished[-1] - finished[-1 - tenth]) / tenth,
}))
