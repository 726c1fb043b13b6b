package dev.candor.inference.engine.ort.ffm;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;

/**
 * The functions of ONNX Runtime's C interface that are used here. The interface is a table of pointers to which releases only append, in
 * the order of {@code struct OrtApi} in {@code onnxruntime_c_api.h}; a function's slot is therefore the same in every release that has it.
 */
enum ApiFunction {
    GET_ERROR_CODE(1, Layouts.INT, Layouts.POINTER),
    GET_ERROR_MESSAGE(2, Layouts.POINTER, Layouts.POINTER),
    CREATE_ENV(3, Layouts.POINTER, Layouts.INT, Layouts.POINTER, Layouts.POINTER),
    CREATE_SESSION(7, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    CREATE_SESSION_OPTIONS(10, Layouts.POINTER, Layouts.POINTER),
    SET_INTRA_OP_THREADS(24, Layouts.POINTER, Layouts.POINTER, Layouts.INT),
    SET_INTER_OP_THREADS(25, Layouts.POINTER, Layouts.POINTER, Layouts.INT),
    SESSION_INPUT_COUNT(30, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    SESSION_OUTPUT_COUNT(31, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    SESSION_INPUT_TYPE(33, Layouts.POINTER, Layouts.POINTER, Layouts.LONG, Layouts.POINTER),
    SESSION_OUTPUT_TYPE(34, Layouts.POINTER, Layouts.POINTER, Layouts.LONG, Layouts.POINTER),
    SESSION_INPUT_NAME(36, Layouts.POINTER, Layouts.POINTER, Layouts.LONG, Layouts.POINTER, Layouts.POINTER),
    SESSION_OUTPUT_NAME(37, Layouts.POINTER, Layouts.POINTER, Layouts.LONG, Layouts.POINTER, Layouts.POINTER),
    CREATE_RUN_OPTIONS(39, Layouts.POINTER, Layouts.POINTER),
    SET_TERMINATE(46, Layouts.POINTER, Layouts.POINTER),
    UNSET_TERMINATE(47, Layouts.POINTER, Layouts.POINTER),
    CREATE_TENSOR_OVER(
            49, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.LONG, Layouts.POINTER, Layouts.LONG, Layouts.INT, Layouts.POINTER),
    TENSOR_DATA(51, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    CAST_TO_TENSOR_INFO(55, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    ELEMENT_TYPE(60, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    DIMENSION_COUNT(61, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    DIMENSIONS(62, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.LONG),
    CREATE_MEMORY_INFO(68, Layouts.POINTER, Layouts.POINTER, Layouts.INT, Layouts.INT, Layouts.INT, Layouts.POINTER),
    ALLOCATE(75, Layouts.POINTER, Layouts.POINTER, Layouts.LONG, Layouts.POINTER),
    FREE(76, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    DEFAULT_ALLOCATOR(78, Layouts.POINTER, Layouts.POINTER),
    RELEASE_ENV(92, null, Layouts.POINTER),
    RELEASE_STATUS(93, null, Layouts.POINTER),
    RELEASE_MEMORY_INFO(94, null, Layouts.POINTER),
    RELEASE_SESSION(95, null, Layouts.POINTER),
    RELEASE_VALUE(96, null, Layouts.POINTER),
    RELEASE_RUN_OPTIONS(97, null, Layouts.POINTER),
    RELEASE_TYPE_INFO(98, null, Layouts.POINTER),
    RELEASE_SESSION_OPTIONS(100, null, Layouts.POINTER),
    AVAILABLE_PROVIDERS(125, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    RELEASE_AVAILABLE_PROVIDERS(126, Layouts.POINTER, Layouts.POINTER, Layouts.INT),
    ADD_SESSION_CONFIG(130, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    CREATE_ALLOCATOR(131, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    RELEASE_ALLOCATOR(132, null, Layouts.POINTER),
    RUN_WITH_BINDING(133, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    CREATE_BINDING(134, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    RELEASE_BINDING(135, null, Layouts.POINTER),
    BIND_INPUT(136, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    BIND_OUTPUT(137, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    ADD_INITIALIZER(150, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    ADD_RUN_CONFIG(165, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    CREATE_PREPACKED_WEIGHTS(166, Layouts.POINTER, Layouts.POINTER),
    RELEASE_PREPACKED_WEIGHTS(167, null, Layouts.POINTER),
    CREATE_SESSION_PREPACKED(
            168, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    APPEND_CUDA(204, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    CREATE_CUDA_OPTIONS(205, Layouts.POINTER, Layouts.POINTER),
    UPDATE_CUDA_OPTIONS(206, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.LONG),
    RELEASE_CUDA_OPTIONS(208, null, Layouts.POINTER),
    MEMORY_DEVICE_TYPE(225, null, Layouts.POINTER, Layouts.POINTER),
    UPDATE_CUDA_OPTION_VALUE(263, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    INPUT_MEMORY(380, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.LONG),
    GRAPH_ASSIGNMENT(407, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    ASSIGNED_PROVIDER(408, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    ASSIGNED_NODES(409, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER),
    NODE_OPERATOR(412, Layouts.POINTER, Layouts.POINTER, Layouts.POINTER);

    /** The release, 1.x, whose table has every function above. */
    static final int API_VERSION = 24;

    private final int slot;
    private final MemoryLayout result;
    private final MemoryLayout[] arguments;

    /** @param result nothing where null; a pointer is a status unless the function is a query of a status */
    ApiFunction(int slot, MemoryLayout result, MemoryLayout... arguments) {
        this.slot = slot;
        this.result = result;
        this.arguments = arguments;
    }

    /** Position in the table. */
    int slot() {
        return slot;
    }

    FunctionDescriptor descriptor() {
        return result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
    }

    private static final class Layouts {
        static final AddressLayout POINTER = ValueLayout.ADDRESS;
        static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    }
}
