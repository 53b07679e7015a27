"""Cheap valid calls of every public function and class of `smlib`, and what is known of them."""

import numpy as np

from smlib import pressure_alloying, scales, utility_anchoring
from smlib.closures import Closure
from smlib.graph_normalization import load_graph
from smlib.labor import PLANES, PelvicPlane, head_shadow
from smlib.lorenz96 import L96
from smlib.metallic_glass import GlassFormer
from smlib.pediatric_kidney import GRAFTS
from smlib.pinn import SteadyPINN, UnsteadyPINN
from smlib.solution_strengthening import Core
from smlib.viscoelastic import FLUIDS
from smlib.viscoelastic_solvers import step_matrix

_RNG = np.random.default_rng(0)
_IRON, _MAGNESIUM = (
    pressure_alloying.equation_of_state("Fe"),
    pressure_alloying.equation_of_state("Mg"),
)
_MURNAGHAN = pressure_alloying.EquationOfState(11.2, 163.4, 5.4, "murnaghan")
_BIRCH = pressure_alloying.EquationOfState(22.0, 36.0, 3.5, "birch-murnaghan")
_STEP, _N_U = step_matrix(FLUIDS["peo"], 4)
_SCALES = {"small": scales.Scale("grain", 1.0, "m"), "large": scales.Scale("cell", 50.0, "m")}
_PINN, _CLOUD = (
    SteadyPINN(10, 1, layers=(1, 3, 1), n_colloc=5),
    UnsteadyPINN(10, 1, layers=(2, 3, 1), n_colloc=5),
)
_THETA, _CLOUD_THETA = _PINN.init(), _CLOUD.init()
_STORM = {"X": np.cumsum(_RNG.standard_normal((12, 2, 4)), axis=0), "dt": 0.01}
_MELT, _CLOSURE = GlassFormer(), Closure((0.0, 0.5), 0.1, 0.1, 0.9, (-5.0, 10.0))
_LAW = {"rate_median_cm_h": 1.4, "rate_log_sd": 0.6, "lag_mean_h": 2.0, "reading_sd_cm": 0.75}
_NEPHRON_LAW = {
    "demand_ml_min": 115.0,
    "aging_per_year": 0.0131,
    "injury_per_year": 0.1,
    "load_crit": 3.0,
    "exponent": 0.45,
    "gfr_fail": 15.0,
}
_TRIAL = {"times_h": [0.0, 2.0], "readings_cm": [4.0, 5.0]}
_HEADS = {"Q": [[2.0, 1.0]], "K": [[0.0, 1.0], [0.5, 1.0]], "V": [[0.0], [1.0]], "scale": 0.7}
_SAMPLES = [[0.0, 1.0], [2.0, 5.0], [4.0, 3.0], [5.0, 8.0]]
_WAVE = np.tile(-np.sin(np.linspace(0, 2 * np.pi, 16, endpoint=False)), (4, 1))
_LINE = {"force": _WAVE, "spacing": (0.5, 0.5), "tension": 1.0, "max_steps": 2000}
_POINTS = _RNG.random((12, 2))
_PEOPLE = utility_anchoring.simulate_people(n=5)

#: Classes that are only returned, or hold rows of a table: users do not construct them.
RETURNED = {
    "attention": ("RetrievalRun", "RetrievalStep", "SoftmaxStats"),
    "doping": ("Dopant", "EpitaxialState"),
    "elements": ("Alloy", "Element"),
    "feature_scaling": ("LandCover",),
    "graph_normalization": ("Smoothing",),
    "labor": ("Labors",),
    "lorenz96": ("Run",),
    "soft_disks": ("Quench", "QuenchStep"),
    "nephrons": ("Course",),
    "pediatric_kidney": ("PressureDrops",),
    "pinn_training": ("PINNRun", "TrainingStep"),
    "point_defect": ("DefectField", "KeatingResult"),
    "random_landscape": ("CoreResponse",),
    "rescaling": ("FieldExample",),
    "size_mismatch": ("Field",),
    "solution_strengthening": ("CantorAlloy", "Core", "VLC"),
    "utility_anchoring": ("People",),
}

#: An empty list: not called with what users give.
CALLS = {
    "checks": {"checked": [], "extra": [], "first": [], "plain": []},
    "workers": {"mapper": [{"workers": 1}]},
    "notebook": {"default": [], "glue": [{}]},
    "scales": {
        "Scale": [{"name": "cell", "value": 2.0, "unit": "m"}],
        "Mismatch": [
            {
                "chapter": "climate_grid",
                "system": "a storm",
                **_SCALES,
                "kind": "size",
                "regime": "separated",
                "effect": "bug",
                "remedy": "average",
                "breaks": "it",
                "critical": 2.0,
                "safe": "below",
                "exponent": 0.5,
                "leverage": 2.0,
                "source": "x",
            }
        ],
        "Mismatch.sentence": [
            {
                "self": scales.Mismatch(
                    "a", "b", *_SCALES.values(), "size", "matched", "bug", "adapt"
                )
            }
        ],
    },
    "elements": {
        "element": [{"symbol": "Cu"}],
        "fractions": [{"composition": "CuNi"}, {"composition": {"Cu": 1.0, "Ni": 2}}],
        "pair_enthalpy": [{"a": "Cu", "b": "Ni"}],
        "parse_formula": [{"text": "Al0.5CoNi0.5"}],
        "read_table": [{"name": "alloys.csv"}],
        "values": [{"prop": "K", "symbols": ["Cu", "Ni"]}],
    },
    "size_mismatch": {
        "misfit": [{"r_solute": 145.0, "r_host": [128.0, 130.0]}],
        "eshelby_factor": [{"K": 140.0, "G": [48.0, 50.0]}],
        "misfit_energy": [{"eps": 0.1, "G": 48.0, "K": 140.0, "volume": [11.8, 12.0]}],
        "inclusion_field": [{"r": [0.5, 2.0], "eps": 0.1, "r0": 1.0, "K": 140.0, "G": 48.0}],
        "solubility": [{"energy": [0.1, 0.2], "T": 1000.0}],
        "critical_temperature": [{"W": 0.25}],
        "binodal": [{"W": 0.25, "T": 1000.0}],
        "critical_misfit": [{"G": 48.0, "K": 140.0, "volume": 11.8, "T": [900.0], "x": 0.05}],
        "hume_rothery": [{"limit": 0.15, "x_min": 0.05, "radii": "r_cn12", "hosts": ["Cu", "Ni"]}],
    },
    "high_entropy_alloys": {
        "confusion": [{"predicted": [1, 0, 1, 0], "label": [1, 1, 0, 0]}],
        "delta": [
            {"composition": "CoCrFeMnNi", "radii": "r_gl"},
            {"composition": ["CuNi", {"Fe": 1, "Al": 2.0}], "radii": "r_cn12"},
        ],
        "elastic_limit": [{"composition": "CoCrFeMnNi"}],
        "melting_temperature": [{"composition": "CoCrFeMnNi"}, {"composition": ["CuNi"]}],
        "mixing_enthalpy": [{"composition": "CoCrFeMnNi"}, {"composition": {"Cu": 1, "Ni": 1}}],
        "mixing_entropy": [{"composition": "CoCrFeMnNi"}],
        "omega": [{"composition": "CoCrFeMnNi"}, {"composition": ["CuNi", "CoFe"]}],
        "roc": [{"score": [0.9, 0.8, 0.3], "label": [1, 0, 0]}],
        "rule_predicts": [{"name": "Guo 2013", "composition": ["CoCrFeMnNi", "CuNi"]}],
        "strain_energy": [{"composition": "CoCrFeMnNi", "radii": "r_gl"}],
        "vec": [{"composition": "CoCrFeMnNi"}],
    },
    "rescaling": {
        "compare_invariants": [{"a": [[2, 1], [1, 3]], "b": [[8, 2], [2, 3]], "rtol": 1e-8}],
        "diagonal_rescale": [
            {"matrix": [[1e4, 30], [30, 1]], "left": [100, 1], "right": [100, 1]},
        ],
        "effective_condition": [{"matrix": [[1e4, 30], [30, 1]], "rtol": 1e-10}],
        "field_example": [{"field": "features", "decades": 2.0, "n": 4, "seed": 0}],
        "gradient_steps": [{"condition": 3.0, "tolerance": 1e-6}],
        "rescale_class": [{"left": [2, 3], "right": [2, 3], "rtol": 1e-9}],
    },
    "doping": {
        "critical_thickness": [
            {
                "misfit": [0.005, 0.01],
                "b": 0.384,
                "nu": 0.28,
                "theta": 60.0,
                "lam": 60.0,
                "model": model,
                "a": 0.5431,
                "slip": 0.4,
            }
            for model in ("matthews-blakeslee", "people-bean")
        ],
        "electronic_beta": [{"deformation_potential": [3.3], "bulk_modulus": 97.8}],
        "epitaxial_state": [{"a_layer": 5.46, "a_substrate": [5.43], "c11": 165.7, "c12": 63.9}],
        "lattice_strain": [{"concentration": [1e20], "beta": -5e-24}],
        "sige_lattice_constant": [{"x": [0.2, 0.3]}],
        "vegard_beta": [{"radius": [0.88, 1.0], "host_radius": 1.17, "host_density": 5e22}],
    },
    "point_defect": {
        "keating_relax": [
            {"bond_ratio": 0.9, "n": 2, "free_volume": True, "alpha": 48.5, "beta": 13.81}
        ],
        "keating_stiffness": [{"alpha": 48.5, "beta": [13.81]}],
        "point_defect_field": [
            {
                "r": [5.0, 6.0],
                "volume_change": -15.6,
                "nu": 0.22,
                "shear_modulus": 66.5,
                "radius": 50.0,
            }
        ],
    },
    "pressure_alloying": {
        "EquationOfState": [
            {"V0": 11.2, "K0": 163.4, "Kp": 5.4, "form": "vinet"},
            {"V0": 22.0, "K0": 36.0, "Kp": 3.5, "form": "birch-murnaghan"},
        ],
        **{
            f"EquationOfState.{method}": [
                {"self": each, name: [0.9 * each.V0, each.V0] if name == "V" else [0.0, 5.0]}
                for each in (_IRON, _MURNAGHAN, _BIRCH)
            ]
            for method, name in (
                ("pressure", "V"),
                ("energy", "V"),
                ("volume", "P"),
                ("bulk_modulus", "P"),
                ("radius", "P"),
            )
        },
        "crossing_pressure": [
            {
                "big": _MAGNESIUM,
                "small": _IRON,
                "limit": 0.2,
                "p_max": 20.0,
                "reference": "small",
            }
        ],
        "equation_of_state": [{"name": "Fe", "dataset": "experiment", "form": "vinet"}],
        "misfit_enthalpy": [
            {
                "P": 1.0,
                "solute": _MAGNESIUM,
                "host": _IRON,
                "shear_modulus": 82.0,
                "linear": linear,
            }
            for linear in (True, False)
        ],
        "murnaghan_crossing": [
            {"size_ratio": 1.2, "K_big": [30.0], "K_small": 192.0, "Kp": 4.0, "limit": 0.15}
        ],
        "size_mismatch": [
            {"P": [0.0, 10.0], "big": _MAGNESIUM, "small": _IRON, "reference": "mean"}
        ],
    },
    "boundary_layer": {
        "classify": [{"ratio": 50.0, "exponent": 0.5, "nominal": False}],
        "exact_solution": [
            {"x": [0.0, 0.5, 1.0], "eps": 0.1, "problem": problem}
            for problem in ("special", "generic")
        ],
        "expansion": [
            {"x": [0.0, 0.5], "eps": 0.1, "part": part, "order": 1, "problem": "generic"}
            for part in ("composite", "outer", "inner")
        ],
        "layer_mesh": [
            {"n": 8, "eps": 0.01, "kind": kind, "sigma_order": 2.0}
            for kind in ("shishkin", "bakhvalov")
        ],
        "mesh_error": [
            {"mesh": [0, 0.1, 0.5, 1], "u": [0, 2.0, 1.5, 1], "eps": 0.1, "problem": "special"}
        ],
        "separation_exponent": [{"ratio": [10, 100, 1000], "error": [0.2, 0.02, 0.003]}],
        "solve_layer": [
            {"mesh": [0, 0.1, 0.5, 1], "eps": 0.1, "scheme": scheme, "problem": "generic"}
            for scheme in ("upwind", "central")
        ],
        "spectral_gap": [
            {"scales": [1.0, 3.0, 1e3], "weights": [1.0, 2.0, 1.0], "edge": 0.05, "leak": 0.01}
        ],
    },
    "layered_media": {
        "layered_medium": [
            {
                "n": 4,
                "arrangement": "random",
                "hurst": 0.7,
                "contrast": 0.5,
                "n_samples": 2,
                "seed": 0,
            }
        ],
        "solve_medium": [{"A": [2.0, 1.0]}, {"A": [[2.0, 1.0], [1.0, 3.0]]}],
    },
    "viscoelastic": {
        "Fluid": [
            {
                "density": 1000.0,
                "viscosity": 3e-3,
                "beta": 0.5,
                "relaxation_time": 3e-3,
                "length": 1e-4,
                "name": "water",
            }
        ],
        "creeping_velocity": [{"y": [0.0, 0.5], "t": [0.0, 1.0], "El": 100.0, "beta": 0.1}],
        "mode_rates": [{"El": 1.0, "beta": 0.1, "k": [0.5, 1.0]}],
        "overshoot": [{"El": 10.0, "beta": 0.1, "flow": "couette"}],
        "regime": [{"El": 10.0, "beta": 0.1, "flow": "poiseuille"}],
        "ringing_band": [{"beta": [0.1, 0.5], "flow": "couette"}],
        "settling_time": [{"El": 0.1, "beta": 0.5, "flow": "poiseuille", "tolerance": 0.05}],
        "startup_velocity": [
            {
                "y": [0.0, 0.5],
                "t": [0.0, 1.0],
                "El": 1.0,
                "beta": 0.1,
                "flow": flow,
                "n_modes": 20,
                "smooth": True,
            }
            for flow in ("poiseuille", "couette")
        ],
    },
    "viscoelastic_solvers": {
        "equilibrate": [
            {"A": [[1e9, 1.0], [1.0, 1e-3]], "iterations": 5},
            {"A": _STEP, "iterations": 5},
        ],
        "gmres_report": [
            {"A": _STEP, "x_true": np.ones(8), "n_u": _N_U, "method": method, "rtol": 1e-8}
            for method in ("none", "jacobi", "equilibrated", "decoupled", "schur")
        ],
        "solver_work": [
            {
                "El": 1.0,
                "beta": 0.5,
                "n": 4,
                "t_end": 1.0,
                "method": "BDF",
                "flow": "couette",
                "rtol": 1e-3,
                "atol": 1e-3,
            }
        ],
        "step_matrix": [
            {
                "fluid": FLUIDS["peo"],
                "n": 4,
                "dt_over_lambda": 0.1,
                "units": "SI",
                "flow": "couette",
            }
        ],
    },
    "attention": {
        "attention_gradients": [{**_HEADS, "d_output": [[1.0]]}],
        "beta_critical": [{"n": [1024, 2.5]}],
        "frozen_asymptotics": [{"n": 10, "beta": [5.0, 10.0]}],
        "gap_density": [{"n": 10}],
        "logit_std": [{"d_k": 64, "sigma_q": [1.0], "sigma_k": 1.0, "scale": 1.0}],
        "rem_prediction": [{"n": 1024, "beta": [1.0, 5.0]}],
        "retrieval_steps": [
            {
                "sigma_q": 1.0,
                "sigma_k": 1.0,
                "scale": 0.5,
                "lr": 3.0,
                "n_keys": 4,
                "d_model": 3,
                "d_k": 2,
                "batch": 3,
                "n_steps": 3,
                "noise": 0.3,
                "seed": 0,
            }
        ],
        "retrieval_threshold": [{"n": 1024, "beta": [1.0, 5.0]}],
        "saturation": [{"logits": [[1.0, 2.0, 0.0]]}],
        "scaled_dot_product_attention": [_HEADS],
        "train_retrieval": [
            {
                "threshold": 0.5,
                "lr": 3.0,
                "n_keys": 4,
                "d_model": 3,
                "d_k": 2,
                "batch": 3,
                "n_steps": 3,
                "sigma_q": 1.0,
                "scale": 0.5,
                "noise": 0.3,
            }
        ],
    },
    "feature_scaling": {
        "condition_number": [{"X": _SAMPLES, "intercept": True}],
        "descent_steps": [{"X": _SAMPLES, "t": [1.0, 3.0, 2.0, 2.5]}],
        "distance_shares": [{"X": _SAMPLES}],
        "fit_scaler": [{"X": _SAMPLES, "method": each} for each in ("zscore", "minmax", "robust")],
        "gd_iterations": [{"kappa": [1.0, 10.0], "tol": 1e-6}],
        "gradient_descent": [
            {"X": _SAMPLES, "t": [1.0, 3.0, 2.0, 2.5], "tol": 1e-2, "max_iter": 50}
        ],
        "knn_accuracy": [
            {
                "X_train": _SAMPLES,
                "y_train": [0, 1, 1, 0],
                "X_test": [[1.0, 2.0]],
                "y_test": [0],
                "k": 1,
            }
        ],
        "land_cover": [{"n": 9, "seed": 0}],
        "midpoint_error": [
            {"db_low": -20.0, "db_high": [-12.0], "looks": 1.0, "domain": each}
            for each in ("linear", "db")
        ],
        "scale_features": [
            {"X_train": _SAMPLES, "X_test": [[1.0, 2.0]], "method": each}
            for each in ("zscore", "whiten")
        ],
        "speckle": [{"sigma0_db": -10.0, "looks": 4, "size": (3,), "seed": 0}],
        "speckle_db_moments": [{"looks": [1.0, 4.0]}],
    },
    "graph_normalization": {
        "aggregation_r2": [
            {
                "A": load_graph("karate"),
                "kind": "left",
                "target": "count",
                "p": 0.3,
                "n_draws": 5,
                "seed": 0,
            },
            {
                "A": [[0, 1, 1], [1, 0, 0], [1, 0, 0]],
                "kind": "sym",
                "target": "fraction",
                "p": 0.5,
                "n_draws": 9,
                "seed": 0,
            },
        ],
        "degree_exponent": [{"d": [1, 4, 9], "h": [2.0, 4.0, 6.5]}],
        "degrees": [{"A": [[0, 1], [1, 0]], "self_loops": True}],
        "fixed_point": [
            {"A": [[0, 1, 1], [1, 0, 1], [1, 1, 0]], "kind": kind, "self_loops": True}
            for kind in ("sym", "sum")
        ],
        "growth_per_layer": [{"A": [[0, 1], [1, 0]], "self_loops": False}],
        "karate_clubs": [{}],
        "load_graph": [
            {"name": "ba", "n": 10, "m": 2, "seed": 0},
            {"name": "star", "n": 10, "m": 2, "seed": 0},
        ],
        "propagate": [
            {"P": [[0.5, 0.5], [0.5, 0.5]], "X": [1.0, 2.0], "steps": 2, "restart": 0.1},
            {"P": load_graph("star", n=3), "X": np.ones((3, 2)), "steps": 2, "restart": 0.0},
        ],
        "propagation_matrix": [
            {"A": [[0, 1], [1, 0]], "kind": "left", "self_loops": True},
            {"A": load_graph("star", n=3), "kind": 0.3, "self_loops": False},
        ],
        "r2_estimate": [{"d": [1.0, 2.0, 4.0], "p": [0.3]}],
        "response_rms": [{"P": [[0.0, 1.0], [0.5, 0.5]]}, {"P": load_graph("star", n=3)}],
        "smoothing_rate": [{"A": load_graph("karate"), "self_loops": True}],
    },
    "solution_strengthening": {
        "core_coefficients": [{"d": 15.0, "s": 1.5}],
        "core_filter": [{"sigma": [1.0], "xi": 1.0, "w": 0.5}],
        "depinning_threshold": [
            {"strength": [1.0], "core": 0.5, "nodes": 8, "seed": 0, "tol": 0.5, "progress": None}
        ],
        "flow_stress": [
            {
                "tau0": 77.9,
                "barrier": 1.07,
                "T": [293.0, 1000.0],
                "rate": 1e-3,
                "rate0": 1e4,
                "branch": branch,
            }
            for branch in ("low", "high")
        ],
        "friedel_stress": [{"c": [0.01], "f": 1.2e-10, "Gamma": 6.4e-10, "b": 2.5e-10}],
        "hall_petch": [{"d": [1.0, 4.0], "sigma": [500.0, 300.0]}],
        "labusch_parameter": [
            {"c": [0.01], "f": 1.2e-10, "Gamma": 6.4e-10, "w": 1.3e-9, "b": 2.5e-10}
        ],
        "labusch_stress": [
            {"c": [0.01], "f": 1.2e-10, "Gamma": 6.4e-10, "w": 1.3e-9, "b": 2.5e-10}
        ],
        "misfit_sum": [{"fractions": [1, 2], "volumes": [11.0, 12.0]}],
        "pinning_length": [
            {
                "fractions": [1, 2],
                "volumes": [11.0, 12.0],
                "nu": 0.26,
                "alpha": 0.123,
                "core": Core(4.5, 0.35, 5.7),
                "b": 2.5,
            }
        ],
        "terrain": [{"core": 0.5, "nodes": 8, "seed": 0}],
        "vlc": [
            {
                "fractions": [1, 2],
                "volumes": [11.0, 12.0],
                "mu": 80.0,
                "nu": 0.26,
                "b": 2.5,
                "alpha": 0.123,
                "f1": 0.35,
                "f2": 5.7,
            }
        ],
        "yield_stress": [
            {"tau0": 77.9, "barrier": 1.07, "T": [293.0], "rate": 1e-3, "rate0": 1e4, "taylor": 3.0}
        ],
    },
    "random_landscape": {
        "alloy_stress_rms": [
            {
                "mu": 80.0,
                "nu": 0.26,
                "misfit_variance": 0.43,
                "atomic_volume": 11.8,
                "smear": [1.5],
            }
        ],
        "core_average": [
            {"field": [0.0, 0.0, 1.0, 4.0], "spacing": 1.0, "w": 1.0, "kernel": "box", "axis": -1}
        ],
        "core_response": [
            {"w": [0.0, 1.0], "xi": 1.0, "kernel": kernel}
            for kernel in ("gaussian", "lorentzian", "box")
        ],
        "critical_force": [{**_LINE, "tol": 0.5, "progress": None}],
        "gaussian_random_field": [
            {"shape": (4, 6), "spacing": (0.5, 0.5), "xi": 1.0, "correlation": each, "seed": 0}
            for each in ("gaussian", "exponential")
        ],
        "larkin": [{"tension": 8.0, "f0": 1.0, "r_f": [1.0], "xi_line": 1.0}],
        "pinned_line": [{**_LINE, "load": 0.5, "start": 0.0, "tol": 1e-2}],
        "probe_response": [
            {"ratio": [0.5, 2.0], "system": each} for each in ("core", "patch", "wave", "aperture")
        ],
    },
    "utility_anchoring": {
        "RulerPopulation": [
            {"value_a": 1.0, "value_b": 1.0, "death_a": 1.0, "death_b": 9.0, "noise_sd": 0.0}
        ],
        "choice_boundary": [
            {"threshold": [0.5], "death": 20.0, "rule": rule, "exponent": 1.6}
            for rule in ("truth", "naive", "anchored")
        ],
        "decision_flip_rate": [
            {
                "threshold": 0.5,
                "population": utility_anchoring.RulerPopulation(),
                "rule": "naive",
                "exponent": 1.6,
                "n": 20,
                "seed": 0,
            }
        ],
        "fieller_interval": [
            {
                "rating": 70.0,
                "death": 5.0,
                "full": 100.0,
                "sd_rating": 5.0,
                "sd_death": 5.0,
                "sd_full": 5.0,
                "level": 0.95,
            }
        ],
        "flip_direction": [
            {"threshold": [0.5, 0.6], "people": _PEOPLE, "rule": rule, "exponent": 1.6}
            for rule in ("naive", "anchored_power")
        ],
        "group_utility": [
            {"ratings": [70.0, 40.0], "death": [5.0, 20.0], "full": [100.0, 95.0], "method": each}
            for each in ("mean_of_ratios", "ratio_of_means", "median_of_ratios")
        ],
        "invariance_rate": [
            {"a": [1.0, 2.0], "b": [2.0, 3.0], "statistic": each, "scale": scale, "n": 9, "seed": 0}
            for each, scale in (
                ("mean", "interval"),
                ("geometric_mean", "ordinal"),
                ("median", "individual"),
            )
        ],
        "noise_free_flip_rate": [
            {
                "threshold": [0.5],
                "population": utility_anchoring.RulerPopulation(),
                "rule": "naive",
                "exponent": 1.6,
            }
        ],
        "power_utility": [{"value": [0.5, -1.0], "exponent": 1.6}],
        "reanchor": [{"rating": [70.0], "death": 5.0, "full": 100.0}],
        "reanchor_sd": [
            {
                "rating": [70.0],
                "death": 5.0,
                "full": 100.0,
                "sd_rating": 5.0,
                "sd_death": 5.0,
                "sd_full": 5.0,
            }
        ],
        "ruler_reading": [{"value": [0.5], "death": 20.0, "full": 100.0}],
        "simulate_people": [{"population": utility_anchoring.RulerPopulation(), "n": 5, "seed": 0}],
    },
    "labor": {
        "PelvicPlane": [{"name": "inlet", "transverse_cm": 12.9, "ap_cm": [12.0, 12.5]}],
        "critical_mismatch": [
            {
                "power_mvu": [300.0],
                "soft": 100.0,
                "stiffness": 50.0,
                "contact": 0.9,
                "limit": 1.05,
            }
        ],
        "diagnose": [
            {
                "power_mvu": [200.0],
                "mismatch_now": [1.02],
                "mismatch_best": [0.96],
                "power_max_mvu": 300.0,
            }
        ],
        "disproportion_probability": [
            {
                "head_mean_cm": 9.5,
                "head_sd_cm": 0.33,
                "pelvis_mean_cm": 11.2,
                "pelvis_sd_cm": 0.79,
                "correlation": 0.1,
                "threshold": 1.02,
            }
        ],
        "duration_quantile": [
            {"level": 0.95, "together": together, "parity": "nulliparous"}
            for together in (True, False)
        ],
        "head_shadow": [
            {"deflexion_deg": 10.0, "asynclitism_deg": [5.0], "position_deg": 3.0, "size": 1.0}
        ],
        "least_mismatch": [
            {"size": [1.0], "planes": [*PLANES.values(), PelvicPlane("x", 12.0, 11.0)]}
        ],
        "mismatch_ratio": [{"shadow": head_shadow(), "plane": PLANES["inlet"]}],
        "progress_factor": [
            {"power_mvu": [150.0], "mismatch": 0.85, "reference_mvu": 200.0, "soft": 100.0}
        ],
        "resistance_mvu": [
            {
                "mismatch": [0.8, 1.0],
                "soft": 100.0,
                "stiffness": 50.0,
                "contact": 0.9,
                "limit": 1.05,
            }
        ],
        "sample_labors": [{"n": 5, "correlation": 0.5, "head_correlation": 0.2, "seed": 0}],
        "step_exceedance": [{"limit_h": [1.0], "start_cm": 4, "parity": "parous"}],
        "traverse_time": [
            {"start_cm": 4.0, "end_cm": [8.0, 10.0], "progress": 1.0, "parity": "parous"}
        ],
    },
    "labor_trial": {
        "ProgressLaw": [_LAW],
        "ProgressLaw.remedy": [],
        "flat_probability": [{"times_h": [0.0, 2.0], "limit_cm": 1.0, **_LAW}],
        "log_bayes_factor": [{**_TRIAL, **_LAW}],
        "posterior_anatomic": [{"log_bf": [0.0, 1.0], "prior": 0.18}],
        "simulate_trials": [{"times_h": [0.0, 2.0], "n": 3, **_LAW, "start_cm": 4.0, "seed": 0}],
        "wald_test": [{**_TRIAL, "alpha": 0.05, "beta": 0.05, **_LAW}],
        "wald_thresholds": [{"alpha": 0.05, "beta": 0.1}],
    },
    "nephrons": {
        "NephronLaw": [_NEPHRON_LAW],
        "collapse_time": [{"nephrons": 215_000.0, "capacity": 1.0, **_NEPHRON_LAW}],
        "critical_growth_time": [
            {"nephrons": 9e5, "capacity0": 0.259, "injury_per_year": 0.2, "years": 20.0}
        ],
        "donor_capacity": [{"weight_kg": [12.0], "pma_weeks": 127.0, "nephrons": 9e5}],
        "gfr_maturation": [{"weight_kg": [12.0], "pma_weeks": 127.0}],
        "graft_gfr": [
            {"nephrons": [8.6e5], "capacity": 1.0, "demand_ml_min": 115.0, "exponent": 0.45}
        ],
        "load_ratio": [{"small_kg": [10.0], "large_kg": 70.0, "exponent": 0.75}],
        "nephron_course": [
            {
                "nephrons": 9e5,
                "capacity0": 0.26,
                "growth_time_years": 1.0,
                "years": 2.0,
                "n": 5,
                **_NEPHRON_LAW,
            }
        ],
        "nephron_load": [{"nephrons": [8.6e5], "capacity": 1.0, "demand_ml_min": 115.0}],
    },
    "pediatric_kidney": {
        "Graft": [
            {
                "n_kidneys": 2,
                "inflow_diameter_mm": 7.0,
                "inflow_length_mm": 40.0,
                "bed_resistance": 0.5,
                "branch_diameter_mm": 3.3,
                "branch_length_mm": 15.0,
            }
        ],
        "graft_flow": [
            {
                "graft": GRAFTS["single"],
                "encroachment_mm": [0.0, 0.5],
                "pressure_mmHg": 87.0,
                "suture_length_mm": 3.0,
            }
        ],
        "half_flow_encroachment": [{"graft": GRAFTS["single"], "fraction": 0.5}],
        "poiseuille_resistance": [
            {"diameter_mm": [1.0], "length_mm": 10.0, "viscosity_pa_s": 3.5e-3}
        ],
        "pressure_drops": [
            {
                "graft": GRAFTS["en_bloc"],
                "encroachment_mm": [0.0, 0.5],
                "pressure_mmHg": 87.0,
                "suture_length_mm": 3.0,
            }
        ],
        "wall_shear": [{"flow_ml_min": [100.0], "diameter_mm": 2.0, "viscosity_pa_s": 3.5e-3}],
    },
    "metallic_glass": {
        "GlassFormer": [
            {
                "T_m": 1200.0,
                "T_g": 660.0,
                "dS_f": 9.1,
                "D": 10.0,
                "alpha": 0.45,
                "V_m": 1e-5,
                "a0": 2.8e-10,
                "eta0": 4e-5,
                "eta_g": 1e12,
                "bulk": 110.0,
                "shear": 40.0,
            }
        ],
        "GlassFormer.barrier": [{"self": _MELT, "theta": [0.5]}],
        "GlassFormer.melting_point": [{"self": _MELT, "delta": [0.02]}],
        "GlassFormer.viscosity": [{"self": _MELT, "T": [900.0]}],
        "castable_thickness": [{"rate": [10.0]}],
        "critical_cooling_rate": [
            {"gf": _MELT, "delta": 0.02, "fraction": 1e-6, "method": method, "n": 20}
            for method in ("nose", "continuous")
        ],
        "elastic_energy": [{"delta": [0.1], "bulk": 110.0, "shear": 40.0, "molar_volume": 1e-5}],
        "minimum_solute": [{"ratio": [0.8], "lambda0": 0.1}],
        "ttt_time": [{"T": [876.0, 900.0], "gf": _MELT, "delta": 0.02, "fraction": 1e-6}],
    },
    "soft_disks": {
        "bond_order": [{"positions": _POINTS, "box": [1.0, 1.0]}],
        "quench_disks": [
            {
                "n_side": 8,
                "polydispersity": 0.1,
                "distribution": "uniform",
                "start": "crystal",
                "n_steps": 2,
                "seed": 0,
            }
        ],
        "quench_order": [
            {
                "polydispersity": [0.1],
                "seeds": [0],
                "n_side": 8,
                "workers": 1,
                "start": "crystal",
                "n_steps": 2,
            }
        ],
        "quench_steps": [
            {
                "n_side": 8,
                "polydispersity": 0.1,
                "distribution": "uniform",
                "start": "crystal",
                "n_steps": 2,
                "seed": 0,
            }
        ],
    },
    "physics_informed": {
        "River": [{"u": 0.5, "D": 50.0, "k": 5e-5, "L": 1e4, "c0": 1.0}],
        "continuous_release": [{"x": [1e4], "t": 2e4, "u": 0.5, "D": 50.0, "k": 5e-5, "c0": 1.0}],
        "decay_length": [{"Pe": [100.0], "Da": 1.0}],
        "gaussian_pulse": [
            {"xi": [0.5], "tau": 0.1, "Pe": 100.0, "Da": 1.0, "xi0": 0.2, "s0": 0.1}
        ],
        "pulse_release": [
            {"x": [100.0], "t": 200.0, "u": 0.5, "D": 50.0, "k": 5e-5, "mass_per_area": 1.0}
        ],
        "steady_profile": [{"xi": [0.0, 1.0], "Pe": 100.0, "Da": 1.0}],
        "unit_weight": [{"t_adv": 2e4, "time_unit": [86400.0]}],
    },
    "pinn": {
        "SteadyPINN": [
            {
                "Pe": 10.0,
                "Da": 1.0,
                "xi_max": 1.0,
                "layers": (1, 3, 1),
                "n_colloc": 5,
                "hard_inlet": True,
            }
        ],
        "SteadyPINN.error": [{"self": _PINN, "theta": _THETA}],
        "SteadyPINN.gradients": [{"self": _PINN, "theta": _THETA}],
        "SteadyPINN.init": [{"self": _PINN, "seed": 0}],
        "SteadyPINN.jet": [{"self": _PINN, "theta": _THETA, "xi": [0.0, 0.5]}],
        "SteadyPINN.loss_grad": [{"self": _PINN, "theta": _THETA, "weights": [1.0, 2.0]}],
        "SteadyPINN.losses": [{"self": _PINN, "theta": _THETA}],
        "SteadyPINN.ntk_eigenvalues": [{"self": _PINN, "theta": _THETA}],
        "UnsteadyPINN": [
            {
                "Pe": 10.0,
                "Da": 1.0,
                "tau_max": 0.6,
                "xi0": 0.2,
                "s0": 0.1,
                "layers": (2, 3, 1),
                "n_colloc": 5,
                "point_seed": 0,
            }
        ],
        "UnsteadyPINN.error": [{"self": _CLOUD, "theta": _CLOUD_THETA}],
        "UnsteadyPINN.gradients": [{"self": _CLOUD, "theta": _CLOUD_THETA}],
        "UnsteadyPINN.init": [{"self": _CLOUD, "seed": 0}],
        "UnsteadyPINN.loss_grad": [
            {"self": _CLOUD, "theta": _CLOUD_THETA, "weights": [1.0, 2.0, 1.0]}
        ],
        "UnsteadyPINN.losses": [{"self": _CLOUD, "theta": _CLOUD_THETA}],
        "UnsteadyPINN.predict": [{"self": _CLOUD, "theta": _CLOUD_THETA, "xi": [0.5], "tau": 0.1}],
    },
    "pinn_training": {
        "train": [
            {"pinn": _PINN, "weights": [1.0, 2.0], "optimizer": "adam", "n_iter": 2, "lr": 0.01},
            {"pinn": _PINN, "weights": [1.0, 2.0], "optimizer": "lbfgs", "n_iter": 2, "ftol": 0.1},
        ],
        "training_steps": [
            {
                "pinn": _PINN,
                "weights": [1.0, 2.0],
                "optimizer": "adam",
                "n_iter": 2,
                "lr": 0.01,
                "decay": 0.1,
                "seed": 0,
                "balance": balance,
                "epsilon": 1e-8,
            }
            for balance in ("ntk", "gradnorm", "relobralo", "annealing")
        ],
    },
    "closures": {
        "Closure": [
            {
                "coef": (1.0, 2.0),
                "sigma": 0.1,
                "tau": 0.1,
                "r2": 0.9,
                "x_range": (-1.0, 1.0),
            }
        ],
        "Closure.__call__": [{"self": _CLOSURE, "X": [0.5, 1.0]}],
        "Closure.phi": [{"self": _CLOSURE, "dt": [0.1]}],
        "autocorrelation": [{"series": [1.0, -1.0, 1.0, -1.0], "lags": 2}],
        "ensemble_scores": [{"ens": np.ones((1, 2, 1, 4)), "truth": np.zeros((1, 1, 4))}],
        "fit_closure": [{**_STORM, "U": np.sin(_STORM["X"] * 40), "degree": 1, "memory": "lag1"}],
        "integrate_closure": [
            {
                "X0": [[1.0, 2.0, 3.0, 4.0]],
                "F": 8.0,
                "closure": _CLOSURE,
                "t_run": 0.02,
                "dt": 0.005,
                "n_ens": 2,
                "noise": True,
                "save_every": 1,
                "seed": 0,
                "scheme": "rk2",
                "workers": 1,
            }
        ],
        "memory_time": [
            {"series": [1.0, 0.9, -0.5, -1.0, 0.3], "dt": 0.1, "memory": memory}
            for memory in ("efold", "lag1")
        ],
        "pdf_distance": [{"x": [0, 1, 2, 3], "y": [2, 3, 4.0], "bins": [-1.0, 2.0, 5.0]}],
        "separation_errors": [
            {"c": [4.0], "lead": 0.05, "degree": 1, "n_members": 1, "seed": 0, "workers": 1}
        ],
        "subgrid_tendency": [{**_STORM, "F": 20.0, "scheme": "rk2"}],
    },
    "lorenz96": {
        "L96": [{"K": 4, "J": 3, "F": 20.0, "h": 1.0, "b": 10.0, "c": 10.0}],
        "L96.held": [{"c": 10.0, "K": 4, "J": 3, "F": 20.0, "h": 1.0}],
        "integrate_l96": [
            {
                "p": L96(4, 3),
                "t_run": 0.02,
                "dt": 0.005,
                "n_members": 2,
                "spinup": 0.01,
                "save_every": 1,
                "seed": 0,
                "workers": 1,
            },
            {
                "p": L96(4, 3),
                "t_run": 0.02,
                "dt": 0.005,
                "seed": 0,
                "state": (np.ones((2, 4)), np.ones((2, 4, 3))),
            },
        ],
    },
    "climate_grid": {
        "cloud_fraction": [
            {"qt": [0.9, 1.0], "qs": 1.0, "sigma": 0.1, "pdf": pdf}
            for pdf in ("gaussian", "uniform", "triangular")
        ],
        "domain_cloud_fraction": [
            {
                "rh": 0.9,
                "sigma": 0.1,
                "cell_km": [50.0],
                "outer_km": 100.0,
                "closure": closure,
                "exponent": 1 / 3,
            }
            for closure in (True, False)
        ],
        "effective_resolution": [{"order": 2, "tol": 0.1}],
        "grid_cell_budget": [
            {"cell_km": [50.0], "storm_km": 1.0, "w_up": 10.0, "excess": 1e4, "rho": 1.0}
        ],
        "phase_speed": [{"order": 2, "theta": [1.0, 2.0]}],
    },
    "atlas": {"rows": [{"chapter": "climate_grid", "kind": "size", "regime": "separated"}]},
}

#: Arguments that are not drawn: of those who write a module, not of those who use it; `workers`,
#: which start processes, are drawn for `workers.mapper` itself.
FIXED = {
    "closures.integrate_closure": ("workers",),
    "lorenz96.integrate_l96": ("workers",),
    "closures.separation_errors": ("workers",),
    "soft_disks.quench_order": ("workers",),
}

#: Positive numbers are drawn between these only. A larger simulation is a long computation, which
#: no limit of the library forbids.
BOUNDS = {
    "rescaling.field_example": {"n": (0, 20)},
    "boundary_layer.layer_mesh": {"n": (0, 100)},
    "layered_media.layered_medium": {"n": (0, 100), "n_samples": (0, 10)},
    "viscoelastic_solvers.equilibrate": {"iterations": (0, 20)},
    "viscoelastic_solvers.solver_work": {"n": (0, 10), "t_end": (0, 100)},
    "viscoelastic.startup_velocity": {"n_modes": (0, 100)},
    "viscoelastic_solvers.step_matrix": {"n": (0, 100)},
    "attention.train_retrieval": dict.fromkeys(
        ("n_keys", "d_model", "d_k", "batch", "n_steps"), (0, 12)
    ),
    "attention.retrieval_steps": dict.fromkeys(
        ("n_keys", "d_model", "d_k", "batch", "n_steps"), (0, 12)
    ),
    "feature_scaling.land_cover": {"n": (0, 20)},
    "feature_scaling.gradient_descent": {"max_iter": (0, 100)},
    "feature_scaling.speckle": {"size": (0, 20)},
    "graph_normalization.load_graph": {"n": (0, 20), "m": (0, 20)},
    "graph_normalization.propagate": {"steps": (0, 20)},
    "graph_normalization.aggregation_r2": {"n_draws": (0, 20)},
    "solution_strengthening.terrain": {"nodes": (0, 20), "core": (0, 10)},
    "solution_strengthening.depinning_threshold": {
        "nodes": (0, 20),
        "core": (0, 10),
        "strength": (0.1, 20),
        "tol": (0.1, 1e308),
    },
    "random_landscape.gaussian_random_field": {"shape": (0, 20)},
    "random_landscape.critical_force": {"max_steps": (0, 2000)},
    "random_landscape.pinned_line": {"max_steps": (0, 2000)},
    "utility_anchoring.decision_flip_rate": {"n": (0, 100)},
    "utility_anchoring.invariance_rate": {"n": (0, 100)},
    "utility_anchoring.simulate_people": {"n": (0, 100)},
    "labor_trial.flat_probability": {"times_h": (0, 100)},
    "labor_trial.log_bayes_factor": {"times_h": (0, 100)},
    "labor_trial.wald_test": {"times_h": (0, 100)},
    "labor.sample_labors": {"n": (0, 100)},
    "labor_trial.simulate_trials": {"n": (0, 100)},
    "nephrons.critical_growth_time": {"years": (0, 100)},
    "nephrons.nephron_course": {"years": (0, 100), "n": (0, 100)},
    "lorenz96.L96": {"K": (0, 20), "J": (0, 20)},
    "lorenz96.L96.held": {"K": (0, 20), "J": (0, 20)},
    "closures.fit_closure": {"degree": (0, 10)},
    "closures.integrate_closure": {"n_ens": (0, 10), "t_run": (0, 0.1), "dt": (1e-3, 1e308)},
    "lorenz96.integrate_l96": {
        "n_members": (0, 10),
        "t_run": (0, 0.1),
        "dt": (1e-3, 1e308),
        "spinup": (0, 0.1),
    },
    "closures.separation_errors": {"lead": (0.05, 0.5), "c": (0, 10), "n_members": (0, 10)},
    "pinn.SteadyPINN": {"layers": (0, 12), "n_colloc": (0, 20)},
    "pinn.UnsteadyPINN": {"layers": (0, 12), "n_colloc": (0, 20)},
    "pinn_training.train": {"n_iter": (0, 12)},
    "pinn_training.training_steps": {"n_iter": (0, 12)},
    "metallic_glass.critical_cooling_rate": {"n": (0, 100)},
    "soft_disks.quench_disks": {"n_side": (0, 12), "n_steps": (0, 12)},
    "soft_disks.quench_order": {"n_side": (0, 12), "n_steps": (0, 12)},
    "soft_disks.quench_steps": {"n_side": (0, 12), "n_steps": (0, 12)},
}

#: Results that may be infinite or nan, and where that is documented.
NOT_FINITE = {
    "pressure_alloying.crossing_pressure": "nan where there is none in the range",
    "pressure_alloying.murnaghan_crossing": "nan where there is no crossing",
    "metallic_glass.minimum_solute": "nan where no share suffices",
    "metallic_glass.ttt_time": "inf where a rate is below the smallest float",
    "metallic_glass.GlassFormer.viscosity": "inf next to the temperature where it diverges",
    "atlas.rows": "the exponent of a separation may be inf",
    "scales.Mismatch": "the exponent of a separation may be inf",
    "nephrons.critical_growth_time": "inf if the graft lasts without growth",
    "nephrons.nephron_course": "nan after the failure, inf without",
    "physics_informed.River": "the time of reaction is inf without loss",
    "closures.Closure": "the range is unlimited by default",
    "viscoelastic.Fluid": "the time of a wave is inf where nothing is elastic",
    "viscoelastic.ringing_band": "inf without solvent, nan without polymer",
    "graph_normalization.smoothing_rate": "the half-life is inf for differences that stay",
    "labor.resistance_mvu": "inf where the head can be molded no further",
    "labor.traverse_time": "inf without progress",
    "feature_scaling.condition_number": "inf for columns that depend on each other",
    "doping.critical_thickness": "inf for no misfit, nan without a stable layer",
    "high_entropy_alloys.confusion": "rates of a class that is absent are nan",
    "high_entropy_alloys.omega": "inf where the enthalpy is 0",
}

#: Other exceptions that are documented.
ALSO = {
    "random_landscape.critical_force": RuntimeError,  # no result within `max_steps`
    "random_landscape.pinned_line": RuntimeError,
}
