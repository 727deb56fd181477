// Puts the parts together: checks what comes in, holds the gallery still, divides the scan among
// the workers.
#include "matcher/matcher.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "matcher/gallery.h"
#include "matcher/kernels/choose.h"
#include "matcher/scan.h"
#include "matcher/top_k.h"
#include "matcher/workers.h"

namespace obverse {
namespace {

constexpr unsigned threads_max = 64;
// Fewer groups a part than this are not worth waking a helper for.
constexpr std::uint32_t groups_per_part_min = 32;
constexpr unsigned parts_per_thread = 4;

ModelSpec checked(const ModelSpec& model, unsigned threads) {
  if (model.id.empty()) throw std::invalid_argument("the model has no name");
  if (model.dimensions < 1 || model.dimensions > dimensions_max) {
    throw std::invalid_argument("the model's dimensions must be 1 to " +
                                std::to_string(dimensions_max));
  }
  if (!std::isfinite(model.scale) || model.scale <= 0) {
    throw std::invalid_argument("the model's scale must be above 0");
  }
  if (threads < 1 || threads > threads_max) {
    throw std::invalid_argument("the matcher's threads must be 1 to " +
                                std::to_string(threads_max));
  }
  return model;
}

}  // namespace

struct Matcher::Parts {
  ModelSpec model;
  std::uint64_t tag;
  const Kernel* kernel;
  unsigned threads;
  Gallery gallery;
  Workers workers;

  Parts(const ModelSpec& asked, std::string_view kernel_name, unsigned asked_threads)
      : model(checked(asked, asked_threads)),
        tag(model_tag(model.id)),
        kernel(choose_kernel(kernel_name)),
        threads(asked_threads),
        gallery(model.dimensions),
        workers(asked_threads - 1) {}

  void check(const Template& face) const {
    if (face.model != tag || face.dimensions != model.dimensions ||
        face.values.size() < face.dimensions || face.values.size() % 4 != 0 ||
        face.inverse_norm == 0) {
      throw std::invalid_argument("a template of another model than " + model.id);
    }
  }

  TopTwo search(const Faces& faces, const ScanProbe& probe) {
    TopTwo top;
    const std::uint32_t groups = faces.groups();
    const std::uint32_t parts = std::min(groups / groups_per_part_min, threads * parts_per_thread);
    if (threads == 1 || parts < 2) {
      scan(faces, *kernel, probe, 0, groups, top);
      return top;
    }
    std::vector<TopTwo> tops(parts);
    workers.run(parts, [&](unsigned part) {
      const auto border = [&](std::uint64_t at) {
        return static_cast<std::uint32_t>(at * groups / parts);
      };
      // Apart on the stack, so that threads do not write to one cache line.
      TopTwo own;
      scan(faces, *kernel, probe, border(part), border(part + std::uint64_t{1}), own);
      tops[part] = own;
    });
    for (const TopTwo& part : tops) top.merge(part);
    return top;
  }
};

Matcher::Matcher(const ModelSpec& model, std::string_view kernel, unsigned threads)
    : parts_(std::make_unique<Parts>(model, kernel, threads)) {}

Matcher::~Matcher() = default;

void Matcher::enrol(PersonLabel label, std::span<const Template> templates,
                    std::uint64_t gallery_position) {
  if (templates.empty() || templates.size() > templates_per_person_max) {
    throw std::invalid_argument("a person has 1 to " + std::to_string(templates_per_person_max) +
                                " templates");
  }
  for (const Template& face : templates) parts_->check(face);
  parts_->gallery.enrol(label, templates, gallery_position);
}

void Matcher::remove(std::uint64_t person, std::uint64_t gallery_position) {
  parts_->gallery.remove(person, gallery_position);
}

void Matcher::reached(std::uint64_t gallery_position) { parts_->gallery.reached(gallery_position); }

Identification Matcher::identify(const Template& probe) const {
  parts_->check(probe);
  const Gallery::Reading reading(parts_->gallery);
  const TopTwo top = parts_->search(reading.faces(), ScanProbe(probe));
  return {top.best(), top.score(), top.runner_up(), reading.faces().people(), reading.position()};
}

Verification Matcher::verify(const Template& probe, std::uint64_t person) const {
  parts_->check(probe);
  const Gallery::Reading reading(parts_->gallery);
  Verification result{.gallery = reading.position()};
  if (const Seat* seat = reading.faces().find(person)) {
    result.enrolled = true;
    result.version = seat->version;
    result.score = compare(reading.faces(), *parts_->kernel, ScanProbe(probe), *seat);
  }
  return result;
}

std::uint32_t Matcher::people() const { return Gallery::Reading(parts_->gallery).faces().people(); }

std::uint32_t Matcher::templates() const {
  return Gallery::Reading(parts_->gallery).faces().templates();
}

std::string_view Matcher::kernel() const { return parts_->kernel->name; }

const ModelSpec& Matcher::model() const { return parts_->model; }

}  // namespace obverse
