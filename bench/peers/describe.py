"""One line about a library as it runs here: its version, and what it works on. Usage: describe.py numpy|torch|jax|optuna|sklearn"""
import sys

def numpy():
    import numpy, threadpoolctl
    numpy.ones((64, 64)) @ numpy.ones((64, 64))
    blas = [f"{pool['internal_api']} {pool['version']} ({pool.get('architecture')})" for pool in threadpoolctl.threadpool_info() if pool['user_api'] == 'blas']
    # The reference BLAS is no library that threadpoolctl knows: several times slower than any that it does.
    return f"NumPy {numpy.__version__} with {', '.join(blas) or 'an unknown BLAS, perhaps the slow reference'}"

def torch():
    import re, torch
    blas = re.search(r'BLAS_INFO=(\w+)', torch.__config__.show())
    return f"PyTorch {torch.__version__} with {blas[1] if blas else 'an unknown BLAS'}, {torch.backends.cpu.get_cpu_capability()}"

def jax():
    import jax, jaxlib
    return f'JAX {jax.__version__} with XLA of jaxlib {jaxlib.__version__} on {jax.default_backend()}'

def optuna():
    import optuna, sqlite3, sqlalchemy
    return f'Optuna {optuna.__version__} with SQLAlchemy {sqlalchemy.__version__} and SQLite {sqlite3.sqlite_version}'

def sklearn():
    import sklearn
    return f'scikit-learn {sklearn.__version__}'

print({'numpy': numpy, 'torch': torch, 'jax': jax, 'optuna': optuna, 'sklearn': sklearn}[sys.argv[1]]())
