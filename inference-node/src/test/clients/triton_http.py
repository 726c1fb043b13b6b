"""Uses the official tritonclient against a Candor node: python triton_http.py HOST:PORT OPERATOR_TOKEN. Prints one line of JSON."""

import json
import sys

import numpy as np
import tritonclient.http as triton


def infer(client, model, arrays, binary, outputs=None, **more):
    inputs = []
    for name, array in arrays.items():
        given = triton.InferInput(name, list(array.shape), triton.np_to_triton_dtype(array.dtype))
        given.set_data_from_numpy(array, binary_data=binary)
        inputs.append(given)
    wanted = None if outputs is None else [triton.InferRequestedOutput(name, binary_data=binary) for name in outputs]
    return client.infer(model, inputs, outputs=wanted, **more)


def main():
    client = triton.InferenceServerClient(sys.argv[1])
    seen = {}
    seen["live"] = client.is_server_live()
    seen["ready"] = client.is_server_ready()
    seen["extensions"] = client.get_server_metadata()["extensions"]
    seen["modelReady"] = client.is_model_ready("candor/sums")
    seen["metadata"] = client.get_model_metadata("candor/sums", "1")

    a = np.array([[1, 2, 3]], dtype=np.float32)
    b = np.array([[4, 5, np.nan]], dtype=np.float32)
    result = infer(client, "candor/sums", {"a": a, "b": b}, True, ["product", "sum"], request_id="7")
    seen["id"] = result.get_response()["id"]
    seen["receipt"] = result.get_response()["parameters"]["candor_receipt_id"]
    seen["binary"] = bool(np.array_equal(result.as_numpy("sum"), a + b, equal_nan=True) and np.array_equal(result.as_numpy("product"), a * b, equal_nan=True))
    seen["all"] = bool(np.array_equal(infer(client, "candor/sums", {"a": a, "b": a}, True).as_numpy("product"), a * a))
    seen["json"] = bool(np.array_equal(infer(client, "candor/sums", {"a": a, "b": a}, False, ["sum"]).as_numpy("sum"), a + a))

    seen["types"] = {}
    for dtype in ["bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "object"]:
        values = np.array([[b"", "\u00fc\U0001f600".encode()]], dtype=object) if dtype == "object" else np.array([[0, 1, 100]]).astype(dtype)
        got = infer(client, "candor/same-" + dtype, {"x": values}, True, ["y"]).as_numpy("y")
        seen["types"][dtype] = bool(got.dtype == values.dtype and np.array_equal(got, values))

    try:
        infer(client, "candor/sums", {"a": a}, True)
    except triton.InferenceServerException as e:
        seen["error"] = str(e)

    operator = {"Authorization": "Bearer " + sys.argv[2]}
    client.unload_model("candor/sums", headers=operator)
    seen["unloaded"] = client.is_model_ready("candor/sums")
    seen["index"] = [entry for entry in client.get_model_repository_index() if entry["name"] == "candor/sums"]
    client.load_model("candor/sums", headers=operator)
    seen["loaded"] = client.is_model_ready("candor/sums")
    pending = [client.async_infer("candor/sums", [triton.InferInput("a", [1, 3], "FP32").set_data_from_numpy(a), triton.InferInput("b", [1, 3], "FP32").set_data_from_numpy(a)]) for _ in range(4)]
    seen["async"] = all(np.array_equal(each.get_result().as_numpy("sum"), a + a) for each in pending)
    print(json.dumps(seen))


main()
