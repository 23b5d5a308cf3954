"""CPU time of one proposal with n finished trials in memory, all parameters included. Usage: optuna_asks.py tpe|random|sobol TRIALS REPEATS"""
import json
import random
import sys
import time
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter('ignore', optuna.exceptions.ExperimentalWarning)
name, trials, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# The space of bench/proposals.ts.
space = {
    'lr': FloatDistribution(1e-5, 1, log=True),
    'dropout': FloatDistribution(0, 0.5),
    'units': IntDistribution(16, 512, log=True),
    'layers': IntDistribution(1, 8),
    'batch': IntDistribution(16, 256, step=16),
    'activation': CategoricalDistribution(['relu', 'tanh', 'gelu', 'sigmoid']),
}
samplers = {
    'tpe': lambda: optuna.samplers.TPESampler(seed=1),
    'random': lambda: optuna.samplers.RandomSampler(seed=1),
    'sobol': lambda: optuna.samplers.QMCSampler(qmc_type='sobol', scramble=True, seed=1, warn_independent_sampling=False),
}
worth = random.Random(1).random
earlier = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
for _ in range(trials):
    earlier.tell(earlier.ask(space), worth())
study = optuna.create_study(sampler=samplers[name]())
study.add_trials(earlier.trials)
times = []
for _ in range(repeats):
    began = time.process_time()
    trial = study.ask(space)
    times.append(1000 * (time.process_time() - began))
    study.tell(trial, worth())
print(json.dumps(times))
