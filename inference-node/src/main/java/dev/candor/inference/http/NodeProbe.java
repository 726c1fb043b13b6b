package dev.candor.inference.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What the HTTP surface asks the node about itself. */
public interface NodeProbe {
    /** Why the node cannot answer requests now; empty when it can. */
    Optional<String> unready();

    /** One screen about the node; may read the disk. */
    ObjectNode status();
}
