package dev.candor.inference.node;

import dev.candor.inference.config.ModelPrice;
import dev.candor.settlement.facilitator.Price;
import dev.candor.settlement.facilitator.PriceBook;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What each served model costs: as its operator asks, else as the catalog says, else nothing. */
final class OperatorPrices {
    private final List<NodeModel> models;
    private final List<ModelPrice> asked;

    private OperatorPrices(List<NodeModel> models, List<ModelPrice> asked) {
        this.models = models;
        this.asked = asked;
    }

    /** @throws StartException if a price is for none of the models */
    static OperatorPrices of(List<NodeModel> models, List<ModelPrice> asked) throws StartException {
        for (ModelPrice price : asked) {
            if (models.stream().noneMatch(model -> price.isOf(model.name().toString()))) {
                throw new StartException("--price names " + price.model() + ", which --model does not");
            }
        }
        return new OperatorPrices(models, asked);
    }

    void setIn(PriceBook book, PriceMemory memory) throws IOException {
        for (NodeModel model : models) {
            Optional<Price> price = price(model);
            if (price.isPresent()) {
                memory.set(book, model.name().toString(), price.get());
            }
        }
    }

    private Optional<Price> price(NodeModel model) {
        return asked.stream()
                .filter(each -> each.isOf(model.name().toString()))
                .map(each -> new Price(each.input(), each.output()))
                .findFirst()
                .or(() -> model.price().map(each -> new Price(each.input(), each.output())));
    }
}
